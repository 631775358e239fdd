// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Subprocess
import SystemPackage

/// A home directory of the ordinary user's for one test, with a store in it.
struct Home: ~Copyable {
    let machine: Machine
    let path: FilePath

    var store: FilePath { path.appending("store") }

    init() throws {
        let machine = try Machine()
        let path = FilePath("/var/tmp/cross-home-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            atPath: path.string,
            withIntermediateDirectories: true
        )
        for (file, name) in [
            (machine.certificateAuthority, "ca.crt"), (machine.authFile, "auth.json"),
        ] {
            try FileManager.default.copyItem(
                atPath: file.string,
                toPath: path.appending(name).string
            )
        }
        try machine.give(path)
        self.machine = machine
        self.path = path
    }

    deinit {
        // The store has directories that only their owner may change, so root or the owner removes it.
        let removal = Process()
        removal.executableURL = URL(filePath: "/bin/rm")
        removal.arguments = ["-rf", path.string]
        try? removal.run()
        removal.waitUntilExit()
    }

    /// Makes everything below a path the user's.
    func give(_ path: FilePath) throws { try machine.give(path) }

    /// Writes a file of the user's, with the directories above it.
    func write(_ text: String, to file: FilePath) throws {
        var made = file
        while !FileManager.default.fileExists(atPath: made.removingLastComponent().string) {
            made.removeLastComponent()
        }
        try FileManager.default.createDirectory(
            atPath: file.removingLastComponent().string,
            withIntermediateDirectories: true
        )
        try text.write(toFile: file.string, atomically: true, encoding: .utf8)
        try give(made)
    }

    /// A copy of the demonstration's crate that builds in an image.
    func crate(image: String) throws -> FilePath {
        let copy = path.appending("crate")
        try FileManager.default.copyItem(atPath: machine.crate.string, toPath: copy.string)
        try? FileManager.default.removeItem(atPath: copy.appending("target").string)
        try give(copy)
        let settings = "[target.aarch64-unknown-linux-gnu]\nimage = \"\(image)\"\n"
        try write(settings, to: copy.appending("Cross.toml"))
        return copy
    }

    /// A directory that cargo takes for a project, with this text as its `Cross.toml`.
    func project(_ settings: String) throws -> FilePath {
        let directory = path.appending("project")
        for (name, text) in [
            ("Cargo.toml", "[package]\nname = \"small\"\nversion = \"0.1.0\"\n"),
            ("src/lib.rs", ""), ("Cross.toml", settings),
        ] {
            try write(text, to: directory.pushing(FilePath(name)))
        }
        return directory
    }

    /// Runs a program as the user, with nothing of the tests' own environment.
    func run(
        _ words: [String],
        in directory: FilePath? = nil,
        environment: [String: String] = [:]
    ) async throws -> Outcome {
        let started = ContinuousClock.now
        let line = command(words, environment)
        let result = try await Subprocess.run(
            .path("/usr/bin/env"),
            arguments: Arguments(line),
            environment: .custom([:]),
            workingDirectory: directory ?? path,
            input: .none,
            output: .bytes(limit: 64 << 20),
            error: .bytes(limit: 64 << 20)
        )
        return Outcome(
            status: result.terminationStatus,
            output: String(decoding: result.standardOutput, as: UTF8.self),
            errors: String(decoding: result.standardError, as: UTF8.self),
            duration: ContinuousClock.now - started
        )
    }

    /// The words for env(1) that run a program as the user.
    func command(_ words: [String], _ environment: [String: String]) -> [String] {
        let variables = self.variables.merging(environment) { $1 }.map { "\($0)=\($1)" }
        let switching =
            getuid() == 0
            ? ["/usr/bin/setpriv", "--reuid", machine.user, "--regid", machine.user]
                + ["--clear-groups", "--"] : []
        return ["-i"] + variables.sorted() + switching + words
    }

    private var variables: [String: String] {
        [
            "HOME": path.string,
            "PATH": "/usr/bin:/bin",
            "CROSS_STORE": store.string,
            "SSL_CERT_FILE": path.appending("ca.crt").string,
            "REGISTRY_AUTH_FILE": path.appending("auth.json").string,
        ]
    }
}

/// How a program ended, and what it said.
struct Outcome {
    let status: TerminationStatus
    let output: String
    let errors: String
    let duration: Duration

    var code: Int32? {
        if case .exited(let code) = status { code } else { nil }
    }
}
