// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// Who gets which signal, and that nothing outlives its caller.
@Suite(.serialized) struct LifeTests: ~Copyable {
    let ground: Ground

    init() throws {
        ground = try Ground()
    }

    /// An argument that no other process of the machine has.
    private static func marker() -> String {
        "\(100_000 + Int.random(in: 0..<100_000_000))"
    }

    /// Leaves two stubborn daemons behind, says so, and goes on with `rest`.
    private func daemons(_ marker: String, then rest: String) -> [String] {
        let stubborn = "setsid sh -c 'trap \"\" HUP INT TERM; sleep \(marker)' < /dev/null &"
        let orphan = "(trap '' HUP; sleep \(marker) &)"
        return ["sh", "-c", "\(stubborn)\n\(orphan)\nsleep 0.3; echo ready; \(rest)"]
    }

    @Test func daemonsEndWithTheCommand() throws {
        let marker = Self.marker()
        let result = try ground.run([], daemons(marker, then: "exit 4"))
        #expect(result.status == 4)
        #expect(processes(with: marker) == [])
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGKILL])
    func everythingEndsWithASignalToTheCaller(signal: CInt) throws {
        let marker = Self.marker()
        var runner = try ground.start([], daemons(marker, then: "exec sleep \(marker)"))
        #expect(eventually { runner.standardOutput == "ready\n" })
        #expect(eventually { processes(with: marker).count >= 3 })
        kill(runner.process, signal)
        #expect(runner.wait() == 128 + signal)
        #expect(eventually(within: .seconds(1)) { processes(with: marker) == [] })
    }

    @Test func aCommandMayActOnAForwardedSignal() throws {
        var runner = try ground.start(
            [],
            ["sh", "-c", "trap 'echo term; exit 5' TERM; echo ready; while :; do sleep 0.05; done"]
        )
        #expect(eventually { runner.standardOutput == "ready\n" })
        kill(runner.process, SIGTERM)
        #expect(runner.wait() == 5)
        #expect(runner.standardOutput == "ready\nterm\n")
    }

    @Test func killingInitIsReportedAsThat() throws {
        let marker = Self.marker()
        var runner = try ground.start([], ["sleep", marker])
        let command = {
            processes(with: marker).first {
                FilePath("/proc/\($0)/cmdline").text().hasPrefix("sleep\0")
            }
        }
        #expect(eventually { command() != nil })
        let status = FilePath("/proc/\(try #require(command()))/status").text().split(
            separator: "\n"
        )
        let line = try #require(status.first { $0.hasPrefix("PPid:\t") })
        let parent = try #require(pid_t(line.dropFirst(6)))
        #expect(parent != runner.process)
        kill(parent, SIGKILL)
        #expect(runner.wait() == 128 + SIGKILL)
        #expect(processes(with: marker) == [])
    }

    @Test func controlCIsOneInterruptForTheCommandAndNoneForTheCaller() throws {
        let terminal = try Terminal()
        var options = Spawned.Options()
        options.terminal = terminal.name
        let script = """
            trap 'echo interrupted' INT; trap 'exit 6' QUIT; stty -echo 2> /dev/null; echo ready
            while :; do sleep 0.05; done
            """
        var runner = try ground.start([], ["sh", "-c", script], with: options)
        #expect(terminal.reads("ready"))
        terminal.type("\u{3}")
        #expect(terminal.reads("interrupted"))
        usleep(300_000)
        #expect(terminal.read().components(separatedBy: "interrupted").count == 2)
        terminal.type("\u{1C}")
        #expect(runner.wait() == 6)
    }

    @Test func jobControlStopsAndContinuesTheCallerWithTheCommand() throws {
        let terminal = try Terminal()
        var options = Spawned.Options()
        options.terminal = terminal.name
        options.environment = ["PS1=$ ", "PATH=/bin:/usr/bin"]
        var shell = try Spawned(
            ["/bin/busybox", "sh", "-i"],
            in: ground.directory.path,
            options: options
        )
        #expect(terminal.reads("$ "))
        let loop = "i=0; while [ $i -lt 40 ]; do sleep 0.05; i=$((i+1)); done; echo finish''ed"
        try ground.directory.path.appending("run").write(
            "exec "
                + ground.runner([], ["sh", "-c", "echo start''ed; \(loop)"])
                .map { "\"\($0.replacing("$", with: "\\$"))\"" }.joined(separator: " ")
        )
        terminal.type("sh \(ground.directory.path.appending("run").string)\n")
        #expect(terminal.reads("started"))
        terminal.type("\u{1A}")
        #expect(terminal.reads("Stopped"))
        usleep(200_000)
        terminal.type("fg\n")
        #expect(terminal.reads("finished"))
        terminal.type("exit 3\n")
        #expect(shell.wait() == 3)
    }

    @Test func closingTheTerminalEndsEverything() throws {
        let marker = Self.marker()
        var terminal: Terminal? = try Terminal()
        var options = Spawned.Options()
        options.terminal = terminal?.name
        let runner = try ground.start([], daemons(marker, then: "sleep \(marker)"), with: options)
        #expect(terminal?.reads("ready") == true)
        terminal = nil
        #expect(eventually(within: .seconds(1)) { processes(with: marker) == [] })
        #expect(runner.process > 0)
    }
}
