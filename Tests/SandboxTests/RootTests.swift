// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// What a command sees and what it can change, whatever the image holds.
@Suite struct RootTests: ~Copyable {
    let ground: Ground

    init() throws {
        ground = try Ground()
    }

    @Test func writesToTheRootWorkAndAreGoneAfterwards() throws {
        let before = try ground.root.names()
        let script = "echo x > /new && rm /bin/grep && mkdir /bin/made && mv /bin/cat /bin/moved"
        #expect(try ground.shell(script).status == 0)
        #expect(try ground.root.names() == before)
        #expect(try ground.root.appending("bin").names().contains("grep"))
        #expect(try ground.shell("ls /new /bin/made").status != 0)
    }

    @Test(arguments: [
        "echo x > /source/file", "echo x >> /source/file", "rm /source/file", "touch /source/new",
        "mkdir /source/new", "chmod 777 /source/file", "mv /source/file /source/other",
        "touch /source/sub/file", "echo x > /proc/self/root/source/file",
        "cd /source && echo x > /proc/self/cwd/file",
        "exec 9< /source/file; echo x > /proc/self/fd/9",
    ])
    func aReadOnlyMountCannotBeChanged(attempt: String) throws {
        try ground.project.appending("sub").makeDirectory()
        let result = try ground.shell(attempt, ["--ro", ground.project.string, "/source"])
        #expect(result.status != 0)
        #expect(result.errors.contains("Read-only file system"))
        #expect(ground.project.appending("file").text() == "source\n")
    }

    @Test func whatIsMountedBelowAReadOnlyDirectoryIsReadOnlyToo() throws {
        let shared = FilePath("/dev/shm/sandbox-\(UUID().uuidString)")
        try shared.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: shared.string) }
        let script = """
            grep ' /host/dev/shm ' /proc/self/mountinfo
            touch /host\(shared.string)/new
            """
        let result = try ground.shell(script, ["--ro", "/dev", "/host/dev"])
        #expect(result.output.contains(" /host/dev/shm ro,"))
        #expect(result.errors.contains("Read-only file system"))
        #expect(try shared.names() == [])
    }

    @Test func aWritableMountInAReadOnlyOneIsWritable() throws {
        let target = ground.project.appending("target")
        let result = try ground.shell(
            "echo built > /source/target/out",
            ["--ro", ground.project.string, "/source", "--rw", target.string, "/source/target"]
        )
        #expect(result.status == 0)
        #expect(target.appending("out").text() == "built\n")
    }

    @Test func anOverlayIsWritableAndItsWritesAreDropped() throws {
        let result = try ground.shell(
            "echo x > /source/file && rm -r /source/target && touch /source/new && ls /source",
            ["--overlay", ground.project.string, "/source"]
        )
        #expect(result.lines == ["file", "new"])
        #expect(try ground.project.names() == ["file", "target"])
        #expect(ground.project.appending("file").text() == "source\n")
    }

    @Test func mountPointsAreMadeForFilesAndDirectories() throws {
        let file = ground.project.appending("file").string
        let result = try ground.shell(
            "cat /a/b/c; ls /d/e/f; stat -c %a /t",
            ["--ro", file, "/a/b/c", "--ro", ground.project.string, "/d/e/f", "--tmp", "/t"]
        )
        #expect(result.lines == ["source", "file", "target", "755"])
        #expect(try ground.root.names() == ["bin"])
    }

    @Test func aProjectPathMayHoldAnyBytes() throws {
        let odd = ground.directory.path.appending("a:b,c\\d e\nf\u{1B}é")
        try odd.makeDirectory()
        try odd.appending("file").write("odd\n")
        let options = ["--overlay", odd.string, odd.string, "--directory", odd.string]
        #expect(try ground.run(options, ["cat", "file"]).output == "odd\n")
        let moved = ground.directory.path.appending("r:o,o\\t")
        try FileManager.default.moveItem(atPath: ground.root.string, toPath: moved.string)
        let runner = Ground.products.appending("sandbox-runner").string
        var process = try Spawned(
            [runner, "--root", moved.string, "--", "/bin/true"],
            in: ground.directory.path
        )
        #expect(process.wait() == 0)
    }

    @Test func theHostIsNotThere() throws {
        let script = """
            ls -d /home /root /etc /run/* /var/run /tmp/* /dev/shm/* /mnt \(ground.project.string)
            """
        #expect(try ground.shell(script).output == "")
        let mounts = try ground.shell("cat /proc/self/mountinfo")
        #expect(!mounts.output.contains("ext4"))
        #expect(!mounts.output.contains(ground.directory.path.string))
        #expect(try ground.shell("cd ../../../.. && pwd && ls").output.contains("bin"))
    }

    @Test func temporaryDirectoriesAreEmptyWritableAndPrivate() throws {
        for directory in ["/tmp", "/run", "/var/tmp", "/dev/shm"] {
            let script = "ls -A \(directory); stat -c %a \(directory); echo x > \(directory)/mark"
            let result = try ground.shell(script)
            #expect(result.lines == ["1777"])
            #expect(result.status == 0)
            let mark = FilePath(directory).appending("mark")
            #expect(!FileManager.default.fileExists(atPath: mark.string))
        }
    }

    @Test(arguments: ["tmp", "dev", "proc", "sys", "run", "source", "var"])
    func aMountPointThatIsALinkLeadsNowhereOutside(name: String) throws {
        let outside = ground.directory.path.appending("outside")
        try outside.makeDirectory()
        let destinations = [
            outside.string, "../../../../../../../../../../..\(outside.string)", "/nowhere/at/all",
            "bin", ".", "/proc/self/root", "/proc/self/cwd", "/proc/self/fd/5", name,
        ]
        for destination in destinations {
            let link = ground.root.appending(name)
            try link.link(to: destination)
            _ = try ground.shell(
                "echo x > /\(name)/mark; echo x > /source/mark",
                ["--tmp", "/source/deep", "--rw", ground.project.string, "/source"]
            )
            #expect(try outside.names() == [])
            try FileManager.default.removeItem(atPath: link.string)
            let expected: Set = ["file", "mark", "target"]
            #expect(try expected.isSuperset(of: ground.project.names()))
        }
        #expect(try ground.root.names() == ["bin"])
    }

    @Test func aLinkWithinTheImageIsFollowedWithinTheImage() throws {
        try ground.root.appending("source").link(to: "/../../srv/./inner")
        let result = try ground.shell(
            "ls /srv/inner",
            ["--ro", ground.project.string, "/source"]
        )
        #expect(result.lines == ["file", "target"])
    }

    @Test func aDanglingLinkAtAFilesMountPointIsFollowed() throws {
        try ground.root.appending("etc").makeDirectory()
        try ground.root.appending("etc/resolv.conf").link(to: "../run/systemd/resolve/stub.conf")
        let file = ground.project.appending("file").string
        let result = try ground.run(
            ["--ro", file, "/etc/resolv.conf"],
            ["cat", "/etc/resolv.conf"]
        )
        #expect(result.output == "source\n")
    }

    @Test func theMachineCannotBeChangedThroughItsFiles() throws {
        let attempts = [
            "/proc/sysrq-trigger", "/proc/sys/kernel/hostname", "/proc/sys/kernel/core_pattern",
            "/proc/sys/vm/drop_caches", "/sys/new", "/sys/fs/cgroup/cgroup.procs",
        ]
        // Not every kernel has a sysrq-trigger.
        for file in attempts
        where file.hasPrefix("/sys") || FileManager.default.fileExists(atPath: file) {
            #expect(try ground.shell("echo 0 > \(file)").errors.contains("Read-only file system"))
        }
        #expect(try ground.shell("chmod 0 /dev/null").errors.contains("Read-only file system"))
        for file in ["kcore", "keys", "timer_list"] {
            #expect(try ground.run([], ["cat", "/proc/\(file)"]).output == "")
        }
    }

    @Test func devicesAreTheUsualOnesAndWork() throws {
        let result = try ground.shell(
            """
            ls /dev; echo x > /dev/null && echo x > /dev/zero && cat /dev/full | true
            grep -c processor /proc/cpuinfo; ls /sys/devices/system/cpu/online
            """
        )
        let names = [
            "fd", "full", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout",
            "tty", "urandom", "zero",
        ]
        #expect(Array(result.lines.prefix(names.count)) == names)
        #expect(result.lines.last == "/sys/devices/system/cpu/online")
        #expect(result.status == 0)
    }

    @Test func everyMountIsWithoutSetuid() throws {
        let mounts = try ground.run(
            ["--rw", ground.project.string, "/w"],
            ["cat", "/proc/self/mountinfo"]
        )
        #expect(mounts.lines.count > 15)
        for line in mounts.lines { #expect(line.contains("nosuid")) }
    }

    @Test func twoSandboxesOnOneRootDoNotSeeEachOther() throws {
        let one = try ground.start([], ["sh", "-c", "echo x > /mark; exec sleep 60"])
        #expect(eventually { one.standardError.isEmpty })
        usleep(100_000)
        #expect(try ground.shell("ls /mark").status != 0)
        #expect(
            try ground.shell("kill -9 -1; ls /proc").lines.filter { $0.allSatisfy(\.isNumber) }
                .count < 4
        )
        #expect(kill(one.process, 0) == 0)
    }
}
