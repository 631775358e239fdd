// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// Root inside, where the caller's is the only id, and what it writes to a directory of the host.
@Suite struct RootUserTests: ~Copyable {
    let ground: Ground
    let writes: FilePath
    private var options: [String] { ["--as-root", "--writes", writes.string] }
    private var upper: FilePath { writes.appending("upper") }

    init() throws {
        let ground = try Ground()
        let writes = ground.directory.path.appending("writes")
        try writes.makeDirectory()
        self.writes = writes
        self.ground = ground
    }

    deinit {
        // overlayfs leaves a directory that nobody may enter.
        _ = unsafe chmod(writes.appending("work/work").string, 0o700)
    }

    private func status(_ name: String) -> stat {
        var status = stat()
        unsafe lstat(upper.appending(name).string, &status)
        return status
    }

    @Test func whatIsWrittenIsInTheDirectoryAndTheRootIsAsBefore() throws {
        let script = """
            echo x > /new && rm /bin/grep && mkdir /bin/made && mv /bin/cat /bin/moved
            rm -r /tree && mkdir /tree && echo x > /tmp/kept && echo x > /run/kept
            """
        try ground.root.appending("tree/below").makeDirectory()
        for name in ["tmp", "run"] { try ground.root.appending(name).makeDirectory() }
        let before = try ground.root.names()
        let result = try ground.shell(script, options)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try upper.names() == ["bin", "new", "run", "tmp", "tree"])
        #expect(try upper.appending("bin").names() == ["cat", "grep", "made", "moved"])
        #expect(status("bin/grep").st_mode & S_IFMT == S_IFCHR && status("bin/grep").st_rdev == 0)
        #expect(try upper.appending("tmp").names() == ["kept"])
        #expect(try ground.root.names() == before)
        #expect(try ground.root.appending("bin").names().contains("grep"))
    }

    @Test func mountPointsAreNotAmongWhatIsWritten() throws {
        let file = ground.project.appending("file").string
        try ground.root.appending("etc").makeDirectory()
        try ground.root.appending("etc/resolv.conf").link(to: "../run/stub.conf")
        let mounts = ["--ro", file, "/a/b/c", "--ro", file, "/etc/resolv.conf", "--tmp", "/d/e"]
        let result = try ground.shell("cat /a/b/c /etc/resolv.conf; ls /d", options + mounts)
        #expect(result.lines == ["source", "source", "e"])
        #expect(try upper.names() == [])
        let other = try ground.shell("cat /a/b/c", ["--as-root"] + mounts)
        #expect(other.output == "source\n")
    }

    @Test func aRootUserIsRootAndFilesAreTheCallers() throws {
        let script = """
            id -u; id -g; umask; touch /owned; chown 33:44 /owned && stat -c %u:%g /owned
            mknod /disk b 8 0 && ls /disk; mknod /pipe p && ls /pipe; chmod 4755 /owned
            mkdir -m 000 /closed && touch /closed/file; su daemon -s /bin/id
            """
        try ground.root.appending("etc").makeDirectory()
        try ground.root.appending("etc/passwd").write("daemon:x:1:1::/:/bin/sh\n")
        let result = try ground.shell(script, options)
        #expect(result.lines.prefix(5) == ["0", "0", "0022", "0:0", "/pipe"])
        #expect(result.lines.last?.hasPrefix("uid=0") == true, "\(result.errors)")
        #expect(status("owned").st_uid == geteuid() && status("owned").st_gid == getegid())
        #expect(status("owned").st_mode & 0o7777 == 0o4755)
        #expect(status("pipe").st_mode & S_IFMT == S_IFIFO)
        #expect(try upper.names() == ["closed", "owned", "pipe"])
    }

    @Test func aRootUserReachesNothingThatIsNotItsOwn() throws {
        let outcome = try ground.intrude(options: options)
        let refused = """
            mount umount2 remount pivot_root move_mount open_tree mount_setattr fsopen setns keyctl \
            bpf perf_event_open userfaultfd kexec_load init_module open_by_handle_at swapon reboot \
            unshare-user unshare-mount unshare-pid unshare-net clone-user clone-mount clone-net \
            tiocsti tiocsti-high tioclinux personality-exec ptrace-1 socket-raw ambient uid-map
            """
        for name in refused.split(separator: " ") {
            #expect(outcome[String(name)] == "EPERM", "\(name)")
        }
        for name in ["environ-1", "memory-1", "exe-1", "exe-link-1", "root-1"] {
            #expect(outcome[name] == "EACCES", "\(name)")
        }
        for name in ["setuid-other", "setgroups", "mknod"] {
            #expect(outcome[name] == "done", "\(name)")
        }
    }

    @Test func theMachinesFilesAreReadOnlyToARootUser() throws {
        let files = """
            /proc/sys/kernel/hostname /proc/sys/user/max_user_namespaces /sys/new /source/file
            """
        let result = try ground.shell(
            "for file in \(files) /dev/null; do chmod 0 $file || echo 0 >$file; done",
            options + ["--ro", ground.project.string, "/source"]
        )
        #expect(result.errors.ranges(of: "Read-only file system").count >= 5, "\(result.errors)")
        #expect(ground.project.appending("file").text() == "source\n")
    }

    @Test func aCommandOfOnlyErrorsReadsNothingAndWritesNoOutput() throws {
        let result = try ground.shell("cat; echo output; echo error >&2", ["--only-errors"])
        #expect(result.output == "")
        #expect(result.errors == "output\nerror\n")
    }
}
