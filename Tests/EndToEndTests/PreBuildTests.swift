// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

/// `pre-build`, by a user without subordinate ids, in a root filesystem made of Debian packages.
@Suite(.serialized) struct PreBuildTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let crate: FilePath

    init() throws {
        let home = try Home()
        crate = try home.crate(image: "localhost/never:asked")
        self.home = home
    }

    private var environment: [String: String] {
        get throws { ["CROSS_STORE": try SharedStore.path().string] }
    }

    private func words(_ command: String...) -> [String] {
        [home.machine.program("cross")] + command + ["--target", Self.triple]
    }

    private func configure(_ lines: String, in crate: FilePath) throws {
        try home.write(
            "[build]\nrootfs = \"debian\"\n\(lines)\n",
            to: crate.appending("Cross.toml")
        )
    }

    private func build(_ lines: String) async throws -> Outcome {
        try configure(lines, in: crate)
        return try await home.run(words("build"), in: crate, environment: environment)
    }

    /// A line that no other test has, so that it is not done yet.
    private var unique: String { "\"echo \(UUID().uuidString) >/unique\"" }

    @Test func aLibraryOfTheTargetsIsInstalledLinkedAndNotInstalledAgain() async throws {
        guard let source = ProcessInfo.processInfo.environment["CROSS_TEST_OPENSSL"] else {
            throw NotPrepared(missing: "CROSS_TEST_OPENSSL")
        }
        let crate = home.path.appending("openssl")
        try FileManager.default.copyItem(atPath: source, toPath: crate.string)
        let file = crate.appending("Cross.toml").string
        let settings = try String(contentsOfFile: file, encoding: .utf8)
        try settings.replacing("pre-build = [", with: "pre-build = [\(unique),").write(
            toFile: file,
            atomically: true,
            encoding: .utf8
        )
        try home.give(crate)
        let first = try await home.run(words("test"), in: crate, environment: environment)
        #expect(first.code == 0, "\(first.errors)\(first.output)")
        #expect(first.errors.contains("     Running pre-build\n"))
        #expect(first.errors.contains("Setting up libssl-dev:arm64"), "\(first.errors)")
        #expect(first.output.contains("the_empty_string_has_its_well_known_digest ... ok"))

        let trace = home.path.appending("trace")
        let watch = ["/usr/bin/strace", "-f", "-e", "trace=connect,execve", "-o", trace.string]
        let second = try await home.run(
            watch + words("build"),
            in: crate,
            environment: environment
        )
        #expect(second.code == 0, "\(second.errors)")
        #expect(second.errors.split(separator: "\n").count == 1, "\(second.errors)")
        let calls = try String(contentsOfFile: trace.string, encoding: .utf8)
        #expect(!calls.contains("connect(") && !calls.contains("/bin/sh"), "\(calls)")
    }

    @Test func theLineThatFailsIsNamedAndNothingIsBuilt() async throws {
        let failed = try await build("pre-build = [\n \(unique),\n \"exit 7\",\n \"true\"\n]")
        #expect(failed.code == 125)
        #expect(
            failed.errors.contains(
                "Cross.toml:3:1: pre-build failed at line 2, `exit 7`: exit status 7"
            ),
            "\(failed.errors)"
        )
        #expect(failed.output.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: crate.appending("target").string))
    }

    @Test func anEmptyListSwitchesOffWhatAllTargetsHave() async throws {
        let own = "pre-build = [\"false\"]\n[target.\(Self.triple)]\npre-build = []"
        let outcome = try await build(own)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(!outcome.errors.contains("pre-build"))
    }

    @Test func aScriptOfTheProjectsRunsAsRootAndWhatItSaysIsNoOutput() async throws {
        let script = """
            #!/bin/sh
            # \(UUID().uuidString)
            set -e
            echo "for $1 on $(id -un)"
            install -o daemon -g games -m 2755 /bin/true /usr/local/bin/prepared
            useradd --create-home builder
            chgrp games /home/builder
            dpkg-statoverride --add --update root games 2755 /usr/local/bin/prepared
            """
        try home.write(script, to: crate.appending("prepare.sh"))
        let outcome = try await build("pre-build = \"prepare.sh\"")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("for \(Self.triple) on root\n"), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }

    @Test func anImageIsPreparedToo() async throws {
        let image = home.machine.image("cross/aarch64:demo")
        let settings = """
            [target.\(Self.triple)]
            image = "\(image)"
            pre-build = ["cd /opt", "echo $CROSS_DEB_ARCH >arch; chown 1:2 arch"]
            """
        try home.write(settings, to: crate.appending("Cross.toml"))
        let program = "fn main() { print!(\"{}\", include_str!(\"/opt/arch\")) }\n"
        try home.write(program, to: crate.appending("src/main.rs"))
        let outcome = try await home.run(words("run"), in: crate, environment: environment)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output == "arm64\n")
    }

    @Test func aKilledStepLeavesAStoreThatTheNextBuildUses() async throws {
        let temporary = try SharedStore.path().appending("tmp")
        let lines = "pre-build = [\(unique), \"sleep 1000\"]"
        try configure(lines, in: crate)
        let (crate, line) = (crate, home.command(words("build"), try environment))
        let killed = try await Subprocess.run(
            .path("/usr/bin/env"),
            arguments: Arguments(line),
            workingDirectory: crate,
            input: .none,
            output: .discarded,
            error: .discarded
        ) { execution in
            for _ in 0..<600 where try Self.written("unique", below: temporary) == nil {
                try await Task.sleep(for: .milliseconds(100))
            }
            try #require(try Self.written("unique", below: temporary) != nil, "nothing has begun")
            try execution.send(signal: .kill)
        }
        #expect(killed.terminationStatus == .signaled(9))
        let next = try await build("pre-build = [\(unique)]")
        #expect(next.code == 0, "\(next.errors)")
        #expect(try Self.written("unique", below: temporary) == nil)
    }

    /// A file that a step which is under way has written.
    private static func written(_ name: String, below temporary: FilePath) throws -> String? {
        try FileManager.default.contentsOfDirectory(atPath: temporary.string)
            .map { temporary.appending($0).appending("root/upper").appending(name).string }
            .first { FileManager.default.fileExists(atPath: $0) }
    }
}
