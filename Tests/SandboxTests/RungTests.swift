// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Sandbox
import SystemPackage
import Testing

/// What holds on every rung, and what takes a machine from one to the next.
@Suite struct RungTests: ~Copyable {
    /// Each step down by itself, and all of them.
    static let rungs: [Rung] = [
        .boundProcesses, .coveringRoot, .assembledRoot, .refusedWrites, .uncountedNamespaces,
        .callersHostName,
        [
            .boundProcesses, .coveringRoot, .assembledRoot, .refusedWrites, .uncountedNamespaces,
            .callersHostName,
        ],
    ]

    let ground: Ground

    init() throws {
        ground = try Ground()
    }

    private func options(_ rung: Rung) -> [String] { ["--rung", "\(rung.rawValue)"] }

    @Test(arguments: rungs)
    func aCommandRunsAndItsEndIsTold(rung: Rung) throws {
        let mounts = ["--ro", ground.project.string, "/home/me/project", "--tmp", "/bin/made"]
        let script = "cat /home/me/project/file; echo x > /tmp/x && echo x > /new && exit 7"
        let result = try ground.shell(script, options(rung) + mounts)
        #expect(result.status == 7, "\(result.errors)")
        #expect(result.output == "source\n")
        #expect(try ground.root.names() == ["bin"])
        #expect(try !ground.root.appending("bin").names().contains("made"))
    }

    @Test(arguments: rungs)
    func whatIsReadOnlyStaysSoAndTheHostIsNotThere(rung: Rung) throws {
        let host = ground.directory.path.string
        let script = """
            echo x > /source/file; rm /source/file; mkdir /source/new; echo 0 > /proc/sys/kernel/hostname
            ls -d \(host) /home /proc/self/root\(host) /proc/1/root\(host); cd ../../../..\(host)
            """
        let result = try ground.shell(
            script,
            options(rung) + ["--ro", ground.project.string, "/source"]
        )
        #expect(result.output == "")
        #expect(result.errors.ranges(of: "Read-only file system").count == 4, "\(result.errors)")
        #expect(ground.project.appending("file").text() == "source\n")
    }

    @Test(arguments: rungs)
    func whatIsToBeDroppedIsNotKept(rung: Rung) throws {
        let result = try ground.shell(
            "echo x > /source/file; ls /source; echo x > /bin/cat",
            options(rung) + ["--overlay", ground.project.string, "/source"]
        )
        #expect(result.lines == ["file", "target"])
        #expect(ground.project.appending("file").text() == "source\n")
        #expect(try ground.run([], ["cat", "/bin/true"]).status == 0)
        // Without overlays it cannot even be written.
        let refusals = [Rung.assembledRoot, .refusedWrites].filter(rung.contains).count
        #expect(result.errors.ranges(of: "Read-only file system").count == refusals)
    }

    @Test(arguments: rungs)
    func linksOfTheRootLeadNowhereOutside(rung: Rung) throws {
        let outside = ground.directory.path.appending("outside")
        try outside.makeDirectory()
        for name in ["tmp", "source", "etc"] {
            for destination in [outside.string, "../../../../../..\(outside.string)", name] {
                let link = ground.root.appending(name)
                try link.link(to: destination)
                defer { try? FileManager.default.removeItem(atPath: link.string) }
                _ = try ground.shell(
                    "echo x > /tmp/mark; echo x > /source/mark; echo x > /etc/deep/mark",
                    options(rung) + [
                        "--rw", ground.project.string, "/source", "--tmp", "/etc/deep",
                    ]
                )
                #expect(try outside.names() == [])
            }
        }
    }

    @Test(arguments: rungs)
    func nothingOutlivesTheCommand(rung: Rung) throws {
        let marker = "\(100_000 + Int.random(in: 0..<100_000_000))"
        let script = "setsid sh -c 'trap \"\" HUP INT TERM; sleep \(marker)' < /dev/null & exit 4"
        #expect(try ground.shell(script, options(rung)).status == 4)
        #expect(processes(with: marker) == [])
    }

    @Test func anAssembledRootHasWhatTheOriginalHas() throws {
        let root = ground.root
        try root.appending("etc/deep").makeDirectory()
        try root.appending("etc/name").write("name\n")
        try root.appending("lib").link(to: "usr/lib")
        try root.appending("usr/lib").makeDirectory()
        try root.appending("usr/lib/one").write("one\n")
        let script = "cat /etc/name /lib/one; ls /etc /lib /usr/lib/new; echo x > /etc/name"
        let result = try ground.shell(
            script,
            options(.assembledRoot) + ["--tmp", "/etc/deep/er", "--tmp", "/lib/new/est"]
        )
        #expect(
            result.lines
                == [
                    "name", "one", "/etc:", "deep", "name", "", "/lib:", "new", "one", "",
                    "/usr/lib/new:", "est",
                ].filter { !$0.isEmpty },
            "\(result.errors)"
        )
        #expect(result.errors.contains("Read-only file system"))
        #expect(try root.appending("usr/lib").names() == ["one"])
    }

    @Test func anErrorLeadsToTheRungThatIsAboutIt() {
        func failed(_ stage: SandboxError.Stage, _ errno: Errno, _ path: FilePath? = nil)
            -> SandboxError
        {
            .failed(stage, path: path, errno: errno)
        }
        let full: Rung = []
        #expect(full.below(failed(.mount, .notPermitted, "/proc")) == .boundProcesses)
        #expect(full.below(failed(.mount, .notPermitted, "/source")) == nil)
        #expect(full.below(failed(.mount, .permissionDenied, "/proc")) == nil)
        #expect(full.below(failed(.pivot, .notPermitted)) == .coveringRoot)
        #expect(full.below(failed(.root, .invalidArgument, "/r")) == .assembledRoot)
        #expect(full.below(failed(.root, .noSuchFileOrDirectory, "/r")) == nil)
        #expect(full.below(failed(.namespaceLimit, .readOnlyFileSystem)) == .uncountedNamespaces)
        #expect(full.below(failed(.hostname, .notPermitted)) == .callersHostName)
        #expect(full.below(failed(.namespaces, .notPermitted)) == nil)
        let lower = Rung.coveringRoot
        #expect(lower.below(failed(.pivot, .notPermitted)) == nil)
        #expect(
            lower.below(failed(.mount, .notPermitted, "/proc")) == [.coveringRoot, .boundProcesses]
        )
    }

    @Test func aRehearsalRunsNothingAndLeavesNothing() throws {
        let target = ground.project.appending("target")
        let result = try ground.run(
            ["--rehearse", "--rw", target.string, "/target"],
            ["touch", "/target/touched"]
        )
        #expect(result.lines.last?.hasPrefix("rung ") == true)
        #expect(try target.names() == [])
    }
}
