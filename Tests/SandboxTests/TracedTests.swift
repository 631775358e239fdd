// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// What a command sees whose paths are translated, where there are no namespaces.
@Suite struct TracedTests: ~Copyable {
    let ground: Ground

    init() throws {
        ground = try Ground()
    }

    private func prepare() throws {
        try ground.project.appending("deep").makeDirectory()
        let links = ground.root.appending("links")
        try links.makeDirectory()
        let destinations = [
            "absolute": "/source/file", "relative": "../source/file", "directory": "/source",
            "up": "../links/absolute", "loop": "loop", "dangling": "/target/made",
            "target": "/target", "shell": "/bin/busybox",
        ]
        for (name, destination) in destinations {
            try links.appending(name).link(to: destination)
        }
        let script = "#!/links/shell sh\necho \"script $0 $1 $2 $# $A\"\nexit 9\n"
        try links.appending("script").write(script, mode: 0o755)
        try links.appending("lost").write("#!/no/interpreter\n", mode: 0o755)
        try links.appending("text").write("no program\n", mode: 0o755)
    }

    /// What the onlooker prints, of whom the calls are made.
    private func look(_ engine: [String]) throws -> [String] {
        let target = ground.project.appending("target")
        try? FileManager.default.removeItem(atPath: target.string)
        try target.makeDirectory()
        let result = try ground.runHostProgram(
            "sandbox-onlooker",
            options: engine + [
                "--ro", ground.project.string, "/source", "--rw", target.string, "/target",
            ]
        )
        #expect(result.status == 0, "\(result.errors)")
        return result.lines
    }

    @Test func everyCallThatTakesAPathComesToTheSameAsInTheSandbox() throws {
        try prepare()
        let isolated = try look([])
        let traced = try look(["--traced"])
        #expect(isolated.count > 150)
        #expect(traced == isolated)
    }

    /// An argument that no other process of the machine has.
    private static func marker() -> String {
        "\(100_000 + Int.random(in: 0..<100_000_000))"
    }

    /// Leaves a stubborn daemon and an orphan behind, says so, and goes on with `rest`.
    private func daemons(_ marker: String, then rest: String) -> [String] {
        let stubborn = "setsid sh -c 'trap \"\" HUP INT TERM; sleep \(marker)' < /dev/null &"
        let orphan = "(trap '' HUP; sleep \(marker) &)"
        let both = "until [ $(ps | grep -c \"[s]leep \(marker)\") -ge 2 ]; do sleep 0.02; done"
        return ["sh", "-c", "\(stubborn)\n\(orphan)\n\(both)\necho ready; \(rest)"]
    }

    @Test func nothingOutlivesTheCommand() throws {
        try ground.root.appending("bin/ps").link(to: "busybox")
        let marker = Self.marker()
        let result = try ground.run(["--traced"], daemons(marker, then: "exit 4"))
        #expect(result.status == 4)
        #expect(result.output == "ready\n")
        #expect(processes(with: marker) == [])
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGKILL])
    func everythingEndsWithASignalToTheCaller(signal: CInt) throws {
        try ground.root.appending("bin/ps").link(to: "busybox")
        let marker = Self.marker()
        var runner = try ground.start(
            ["--traced"],
            daemons(marker, then: "exec sleep \(marker)")
        )
        #expect(eventually { runner.standardOutput == "ready\n" })
        kill(runner.process, signal)
        #expect(runner.wait() == 128 + signal)
        #expect(eventually { processes(with: marker) == [] })
    }

    @Test func signalsReachNobodyOutside() throws {
        var bystander = try Spawned(["/bin/sleep", "1000"], in: ground.directory.path)
        let script = "kill -KILL -1; kill -KILL \(bystander.process); echo $?"
        let result = try ground.run(["--traced"], ["sh", "-c", script])
        #expect(result.output == "1\n")
        #expect(kill(bystander.process, SIGTERM) == 0)
        #expect(bystander.wait() == 128 + SIGTERM)
    }

    @Test func endsAreTheCommands() throws {
        #expect(try ground.run(["--traced"], ["sh", "-c", "exit 77"]).status == 77)
        #expect(
            try ground.run(["--traced"], ["sh", "-c", "kill -SEGV $$"]).status == 128 + SIGSEGV
        )
        #expect(try ground.run(["--traced"], ["no-such-program"]).status == 127)
        #expect(try ground.run(["--traced"], ["/bin"]).status == 126)
        #expect(try ground.run(["--traced", "--directory", "/nowhere"], ["pwd"]).status == 125)
    }

    @Test func onlyTheSpecsThingsAreInside() throws {
        let script = "cd /proc/self/fd && echo *; [ -e /etc/passwd ] || echo none"
        let environment = try ground.run(["--traced", "--env", "A=1"], ["env"])
        #expect(environment.lines == ["PATH=/bin", "A=1"])
        let result = try ground.run(["--traced"], ["sh", "-c", script])
        #expect(result.lines.last == "none")
        #expect(result.lines.dropLast().last?.hasPrefix("0 1 2") ?? false)
        #expect(try ground.run(["--traced", "--as-root"], ["true"]).status == 125)
    }

    @Test func whatAKilledCallerLeftIsRemovedByTheNext() throws {
        let temporary = ground.directory.path.appending("temporary")
        try temporary.makeDirectory()
        let marker = Self.marker()
        let options = Spawned.Options(environment: ["TMPDIR=\(temporary.string)"])
        let command = ["sh", "-c", "echo x > /tmp/kept; echo ready; exec sleep \(marker)"]
        var killed = try ground.start(["--traced"], command, with: options)
        #expect(eventually { killed.standardOutput == "ready\n" })
        // Of one that runs nothing is removed.
        let meanwhile = try ground.run(["--traced"], ["true"], with: options)
        #expect(meanwhile.status == 0, "\(meanwhile.errors)")
        #expect(try temporary.names().count == 1)
        kill(killed.process, SIGKILL)
        _ = killed.wait()
        // What holds the lock is gone before the command is.
        #expect(eventually { processes(with: marker) == [] })
        _ = try ground.run(["--traced"], ["true"], with: options)
        #expect(try temporary.names() == [])
    }

    /// Root over a root of its own comes to the same here and in the sandbox.
    @Test(arguments: [[], ["--traced"]])
    func rootWritesToARootOfItsOwn(engine: [String]) throws {
        for name in ["tmp", "run"] { try ground.root.appending(name).makeDirectory() }
        let file = ground.project.appending("file").string
        let script = """
            id -u; stat -c %u /bin; umask
            echo x > /new && chown 5:6 /new && rm /bin/grep && mv /bin/cat /bin/moved
            mknod /device c 1 3 && mknod /pipe p && echo x > /tmp/kept
            ls /a/b; busybox cat /a/b/c
            """
        let result = try ground.shell(
            script,
            engine + ["--as-root", "--own-root", "--ro", file, "/a/b/c"]
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines == ["0", "0", "0022", "c", "source"])
        #expect(try ground.root.names().contains("new"))
        #expect(try !ground.root.names().contains("device"))
        #expect(try ground.root.names().contains("pipe"))
        #expect(try ground.root.appending("tmp").names() == ["kept"])
        #expect(try !ground.root.appending("bin").names().contains("grep"))
    }

    /// An i386 program that makes `/bin/made` and ends with the error of that.
    ///
    /// - Source: elf(5).
    private static let i386: [UInt8] = {
        let header =
            "7f454c46010101000000000000000000020003000100000054800408340000000000000000000000"
            + "340020000100000000000000"
        let segment = "010000000000000000800408008004087a0000007a0000000500000000100000"
        // mkdir(path, 0755); exit(-result)
        let code = "b827000000bb70800408b9ed010000cd80f7d889c3b801000000cd80"
        let digits = Array(header + segment + code).compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        } + Array("/bin/made\0".utf8)
    }()

    @Test func anI386ProgramsPathsAreTranslatedToo() throws {
        #if arch(x86_64)
        let program = ground.root.appending("i386").string
        try Data(Self.i386).write(to: URL(filePath: program))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: program
        )
        #expect(try ground.run([], ["/i386"]).status == 0)
        #expect(try ground.run(["--traced"], ["/i386"]).status == EROFS)
        #expect(try !ground.root.appending("bin").names().contains("made"))
        let own = ["--traced", "--own-root", "--as-root"]
        #expect(try ground.run(own, ["/i386"]).status == 0)
        #expect(try ground.root.appending("bin").names().contains("made"))
        #endif
    }

    @Test func theRootIsNeverWritten() throws {
        let before = try ground.root.names()
        let script = "echo x > /new || rm /bin/grep || mkdir /bin/made || chmod 700 /bin/cat"
        let result = try ground.run(["--traced"], ["sh", "-c", script])
        #expect(result.status != 0)
        #expect(result.errors.components(separatedBy: "Read-only file system").count == 5)
        #expect(try ground.root.names() == before)
        #expect(
            try ground.run(["--traced"], ["sh", "-c", "echo x > /tmp/x && cat /tmp/x"]).output
                == "x\n"
        )
    }
}
