// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

/// The command line as users of cross-rs know it, on a real crate.
@Suite(.serialized) struct CommandLineTests: ~Copyable {
    private let crate: DemoCrate

    init() throws { crate = try DemoCrate() }

    private func run(
        _ program: String,
        _ words: [String],
        _ environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await crate.home.runSharing(program, words, in: crate.path, environment)
    }

    private func append(_ text: String) throws {
        let file = crate.path.appending("Cross.toml")
        let settings = try String(contentsOfFile: file.string, encoding: .utf8)
        try crate.home.write(settings + text, to: file)
    }

    @Test(.enabled(if: geteuid() == 0, "only root can install a program that is setuid to root"))
    func installedSetuidItRefusesToRun() async throws {
        let program = crate.home.path.appending("cross")
        try FileManager.default.copyItem(
            atPath: crate.home.machine.program("cross"),
            toPath: program.string
        )
        for mode: mode_t in [0o4755, 0o2755] {
            // chown(2) takes these bits away, so it comes first.
            unsafe chown(program.string, 0, 0)
            unsafe chmod(program.string, mode)
            let outcome = try await crate.home.run([program.string, "build"], in: crate.path)
            #expect(outcome.code == 125)
            #expect(outcome.errors.contains("installed setuid or setgid"), "\(outcome.errors)")
        }
    }

    @Test func aCommandOfTheUsersRunsInsideAndItsStatusIsOurs() async throws {
        let words = ["run", "--target", crate.triple, "--"]
        let status = try await run("cross-util", words + ["exit 7"])
        #expect(status.code == 7, "\(status.errors)")
        let variable = try await run("cross-util", words + ["echo $CARGO_TARGET_DIR; pwd"])
        #expect(variable.code == 0, "\(variable.errors)")
        #expect(variable.output == "/target\n\(crate.path)\n")
        let util = try await run("cross", ["util"] + words + ["exit 3"])
        #expect(util.code == 3, "\(util.errors)")
    }

    @Test func aWarningIsSaidAndInCIItIsTheEnd() async throws {
        try append("\n[build]\nxargo = true\n")
        let build = ["build", "--target", crate.triple]
        let warned = try await run("cross", build)
        #expect(warned.code == 0, "\(warned.errors)")
        let place = "warning: \(crate.path)/Cross.toml:"
        #expect(warned.errors.contains(place), "\(warned.errors)")
        #expect(warned.errors.contains("unused key `build.xargo`"))
        let inCI = try await run("cross", build, ["GITHUB_ACTION": "test"])
        #expect(inCI.code == 125)
        #expect(inCI.errors.contains("CROSS_NO_WARNINGS=0"))
        let allowed = try await run("cross", build, ["CI": "true", "CROSS_NO_WARNINGS": "0"])
        #expect(allowed.code == 0, "\(allowed.errors)")
    }

    @Test func anotherSubcommandRunsInsideWhereItIsNamed() async throws {
        let tree = ["tree", "--target", crate.triple, "--depth", "0"]
        let onHost = try await run("cross", tree, ["CI": "true"])
        #expect(onHost.code == 125)
        #expect(onHost.errors.contains("`tree` is none of the subcommands"))
        try append("\n[build]\nsubcommands = [\"tree\"]\n")
        let inside = try await run("cross", tree, ["CI": "true"])
        #expect(inside.code == 0, "\(inside.errors)")
        #expect(inside.output.contains("weather-station"))
    }

    @Test func whatACommandDiedOfIsSaid() async throws {
        let words = ["run", "--target", crate.triple, "--"]
        let died = try await run("cross-util", words + ["kill -SEGV $$"])
        #expect(died.code == 139)
        let note = "note: `sh` was killed by signal 11, Segmentation fault\n"
        #expect(died.errors.hasSuffix(note), "\(died.errors)")
        let ended = try await run("cross-util", words + ["kill $$"])
        #expect(ended.code == 143)
        #expect(ended.errors.isEmpty, "\(ended.errors)")
    }

    @Test func whoAsksWhoTheyRunForIsToldTheUser() async throws {
        let words = ["run", "--target", crate.triple, "--", "id -un && echo \"$USER\""]
        let outcome = try await run("cross-util", words)
        let user = crate.home.machine.user
        #expect(outcome.output == "\(user)\n\(user)\n", "\(outcome.errors)")
    }

    // What lies above such a disk, as an overlay does, is not mounted so.
    @Test func aStoreOnADiskThatIsMountedNoexecServes() async throws {
        let line = """
            mount --bind "$CROSS_STORE" "$CROSS_STORE" &&
            mount -o remount,bind,noexec "$CROSS_STORE" &&
            ! "$CROSS_STORE"/rootfs/*/usr/bin/true && exec "$@"
            """
        let words = ["check", "--target", crate.triple]
        let before = try await run("cross", words)
        #expect(before.code == 0, "\(before.errors)")
        let outcome = try await crate.home.run(
            [
                "/usr/bin/unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-c", line,
                "sh", crate.home.machine.program("cross"),
            ] + words,
            in: crate.path,
            environment: ["CROSS_STORE": try SharedStore.path().string]
        )
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("Finished"), "\(outcome.errors)")
    }

    @Test func aVariableThatIsNotUTF8IsNamed() async throws {
        for name in ["HOME", "CARGO_HOME", "CROSS_CONFIG", "RUSTFLAGS"] {
            let line = "\(name)=$(printf '/\\377') exec \"$0\" build --target \(crate.triple)"
            let outcome = try await crate.home.run(
                ["/bin/sh", "-c", line, crate.home.machine.program("cross")],
                in: crate.path,
                environment: ["CROSS_STORE": try SharedStore.path().string]
            )
            #expect(outcome.code == 125)
            let words = "error: the value of the environment variable `\(name)` is not UTF-8\n"
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
        }
    }

    @Test func aCompilerWrapperOfThisMachinesIsDoneWithout() async throws {
        let configuration = crate.home.path.pushing(".cargo/config.toml")
        try crate.home.write(
            "[build]\nrustc-wrapper = \"/opt/only-here/sccache\"\n",
            to: configuration
        )
        let outcome = try await run("cross", ["check", "--quiet", "--target", crate.triple])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.isEmpty)
        let told = try await run("cross", ["check", "--target", crate.triple])
        #expect(told.errors.contains("`/opt/only-here/sccache`, which \(configuration) names as"))
    }

    @Test func theMetadataOfTheManifestCounts() async throws {
        let manifest = crate.path.appending("Cargo.toml")
        let text = try String(contentsOfFile: manifest.string, encoding: .utf8)
        try crate.home.write(
            text + "\n[package.metadata.cross.build.env]\npassthrough = [\"GREETING=hello\"]\n",
            to: manifest
        )
        let words = ["run", "--target", crate.triple, "--", "echo $GREETING"]
        let outcome = try await run("cross-util", words)
        #expect(outcome.output == "hello\n", "\(outcome.errors)")
    }

    @Test func optionsOfAnEngineLetADirectoryIn() async throws {
        let data = crate.home.path.appending("data")
        try FileManager.default.createDirectory(
            atPath: data.string,
            withIntermediateDirectories: true
        )
        try crate.home.give(data)
        let outcome = try await run(
            "cross-util",
            ["run", "--target", crate.triple, "--", "echo $A >/data/x; echo y >/ro/y"],
            [
                "CROSS_CONTAINER_OPTS": "-v \(data):/data -v \(data):/ro:ro -e A=1",
                "CROSS_CONTAINER_ENGINE": "podman",
            ]
        )
        #expect(outcome.code != 0)
        #expect(outcome.errors.contains("note: no container engine is run"))
        let content = try String(contentsOfFile: data.appending("x").string, encoding: .utf8)
        #expect(content == "1\n")
        #expect(!FileManager.default.fileExists(atPath: data.appending("y").string))
    }

    @Test func imagesAreListedAndRemoved() async throws {
        let store = ["CROSS_STORE": crate.home.path.appending("own").string]
        let pull = try await run("cross-util", ["pull", crate.home.machine.image("small")], store)
        #expect(pull.code == 0, "\(pull.errors)")
        let list = try await run("cross-util", ["images"], store)
        #expect(list.output.contains("/small:latest"), "\(list.errors)")
        let dry = try await run("cross-util", ["images", "remove"], store)
        #expect(dry.output.contains("/small:latest"))
        #expect(try await run("cross-util", ["images"], store).output == list.output)
        let removal = try await run("cross-util", ["images", "remove", "--execute"], store)
        #expect(removal.code == 0, "\(removal.errors)")
        #expect(removal.errors.contains("1 root filesystems"), "\(removal.errors)")
        let objects = crate.home.path.pushing("own/objects").string
        let files = try await crate.home.run(["/usr/bin/find", objects, "-type", "f"])
        #expect(files.output.isEmpty)
    }
}
