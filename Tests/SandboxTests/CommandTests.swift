// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// What a command is given, and what becomes of its end.
@Suite struct CommandTests: ~Copyable {
    let ground: Ground

    init() throws {
        ground = try Ground()
    }

    @Test(arguments: [0, 1, 2, 77, 125, 126, 127, 128, 137, 255] as [CInt])
    func anExitStatusIsTheCommandsOwn(status: CInt) throws {
        #expect(try ground.shell("exit \(status)").status == status)
    }

    // Not SIGQUIT: busybox's shell ignores it.
    @Test(arguments: [SIGHUP, SIGINT, SIGKILL, SIGSEGV, SIGTERM, SIGUSR1])
    func aCommandThatASignalEndsIs128AndTheSignal(signal: CInt) throws {
        #expect(try ground.shell("kill -\(signal) $$").status == 128 + signal)
    }

    @Test func aProgramThatIsNotThereIs127() throws {
        #expect(try ground.run([], ["no-such-program"]).status == 127)
        #expect(try ground.run([], ["/bin/no-such-program"]).status == 127)
        #expect(try ground.run([], ["/bin/true/program"]).status == 127)
        #expect(try ground.run([], [""]).status == 127)
    }

    @Test func aProgramThatCannotRunIs126() throws {
        try ground.root.appending("bin/text").write("not a program\n", mode: 0o755)
        try ground.root.appending("bin/plain").write("#!/bin/sh\n", mode: 0o644)
        try ground.root.appending("bin/lost").write("#!/no/interpreter\n", mode: 0o755)
        #expect(try ground.run([], ["text"]).status == 126)
        #expect(try ground.run([], ["plain"]).status == 126)
        #expect(try ground.run([], ["lost"]).status == 126)
        #expect(try ground.run([], ["/bin"]).status == 126)
    }

    @Test func theSearchGoesOnPastAFileThatMayNotBeRun() throws {
        try ground.root.appending("first").makeDirectory()
        try ground.root.appending("first/tool").write("#!/bin/sh\n", mode: 0o644)
        try ground.root.appending("bin/tool").write("#!/bin/sh\nexit 9\n", mode: 0o755)
        let path = [ground.runner([], [])[0], "--root", ground.root.string]
        var process = try Spawned(
            path + ["--env", "PATH=/nowhere:/first:/bin", "--", "tool"],
            in: ground.directory.path
        )
        #expect(process.wait() == 9)
    }

    @Test func theEnvironmentIsExactlyTheSpecs() throws {
        let result = try ground.run(["--env", "A=1", "--env", "B=two words"], ["env"])
        #expect(result.lines == ["PATH=/bin", "A=1", "B=two words"])
    }

    @Test func noProcessShowsTheCallersEnvironment() throws {
        let result = try ground.shell("cat /proc/*/environ; echo; ls /proc")
        #expect(!result.output.contains("secret"))
        #expect(result.lines.contains("1"))
    }

    @Test func onlyTheStandardDescriptorsAreInside() throws {
        let opened = (0..<200).map { index in
            unsafe open(index % 2 == 0 ? "/" : "/root/..", O_RDONLY | O_DIRECTORY)
        }
        defer { for descriptor in opened { close(descriptor) } }
        let script = """
            i=0; while [ $i -lt 400 ]; do [ -e /proc/self/fd/$i ] && echo $i; i=$((i+1)); done
            """
        #expect(try ground.shell(script).lines == ["0", "1", "2"])
    }

    @Test func descriptorsThatTheCallerLacksAreTheSandboxsNull() throws {
        var options = Spawned.Options()
        options.closed = [0, 1, 2]
        let script = """
            exec 1> /out/links; for i in 0 2; do readlink /proc/$$/fd/$i; done
            [ /dev/null -ef /proc/self/fd/2 ]
            """
        let result = try ground.run(
            ["--rw", ground.project.string, "/out"],
            ["sh", "-c", script],
            with: options
        )
        #expect(result.status == 0)
        let links = ground.project.appending("links").text().split(separator: "\n")
        #expect(links == ["/dev/null", "/dev/null"])
    }

    @Test func aCommandStartsWhereTheSpecSays() throws {
        #expect(try ground.run(["--directory", "/bin"], ["pwd"]).output == "/bin\n")
        #expect(try ground.run(["--directory", "/nowhere"], ["pwd"]).status == 125)
        // CVE-2024-21626: a descriptor of ours as a directory to start in.
        for descriptor in 0..<16 {
            let directory = "/proc/self/fd/\(descriptor)"
            #expect(try ground.run(["--directory", directory], ["pwd"]).status == 125)
        }
    }

    @Test func theIdsInsideAreTheCallers() throws {
        let script = "id -u; id -g; stat -c %u:%g /"
        let expected = ["\(geteuid())", "\(getegid())", "\(geteuid()):\(getegid())"]
        #expect(try ground.shell(script).lines == expected)
    }

    @Test func filesMadeInAWritableMountBelongToTheCaller() throws {
        let result = try ground.shell(
            "touch /target/made && mkdir /target/directory",
            ["--rw", ground.project.appending("target").string, "/target"]
        )
        #expect(result.status == 0)
        for name in ["made", "directory"] {
            let file = ground.project.appending("target").appending(name)
            let attributes = try FileManager.default.attributesOfItem(atPath: file.string)
            #expect(attributes[.ownerAccountID] as? Int == Int(geteuid()))
            #expect(attributes[.groupOwnerAccountID] as? Int == Int(getegid()))
        }
    }

    @Test(arguments: ["0022", "0077", "0777"])
    func theUmaskIsTheCallersAndNotInTheWay(mask: String) throws {
        let runner = ground.runner(["--tmp", "/deep/er"], ["sh", "-c", "umask; ls /deep/er /dev"])
        var process = try Spawned(
            ["/bin/sh", "-c", "umask \(mask); exec \"$@\"", "sh"] + runner,
            in: ground.directory.path
        )
        #expect(process.wait() == 0)
        #expect(process.standardOutput.hasPrefix(mask))
    }

    @Test func aTightLimitOnDescriptorsIsEnough() throws {
        let runner = ground.runner(["--tmp", "/x"], ["true"])
        var process = try Spawned(
            ["/bin/sh", "-c", "ulimit -n 32; exec \"$@\"", "sh"] + runner,
            in: ground.directory.path
        )
        #expect(process.wait() == 0)
    }

    @Test func whatTheCallerIgnoresTheCommandIgnores() throws {
        let runner = ground.runner([], ["sh", "-c", "kill -HUP $$; exit 3"])
        var process = try Spawned(
            ["/bin/sh", "-c", "trap '' HUP CHLD; exec \"$@\"", "sh"] + runner,
            in: ground.directory.path
        )
        #expect(process.wait() == 3)
    }

    @Test func theHostNameIsTheSpecsAlone() throws {
        let result = try ground.run([], ["uname", "-n"])
        #expect(result.output == "cross\n")
    }

    @Test func aRefusalOfNamespacesIsNamed() throws {
        let script = "echo 0 > /proc/sys/user/max_user_namespaces; exec \"$@\""
        var process = try Spawned(
            ["/usr/bin/unshare", "-Ur", "/bin/sh", "-c", script, "sh"]
                + ground.runner([], ["true"]),
            in: ground.directory.path
        )
        #expect(process.wait() == 125)
        #expect(process.standardError.contains("failed(Sandbox.SandboxError.Stage.namespaces"))
        #expect(process.standardError.contains("No space left on device"))
    }
}
