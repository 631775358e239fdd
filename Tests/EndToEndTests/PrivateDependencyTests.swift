// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// `build.credentials`: dependencies that only the user may fetch, fetched inside, by what is named.
@Suite(.serialized) struct PrivateDependencyTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let sources: PrivateSources

    init() throws {
        let home = try Home()
        let sources = try PrivateSources(in: home)
        self.home = home
        self.sources = sources
    }

    private func write(_ name: String, _ text: String) throws {
        let file = home.path.pushing(FilePath(name))
        try FileManager.default.createDirectory(
            atPath: file.removingLastComponent().string,
            withIntermediateDirectories: true
        )
        try text.write(toFile: file.string, atomically: true, encoding: .utf8)
        // What was there before is the user's, and may be in use.
        try home.give(file.removingLastComponent())
    }

    /// Builds a crate with one dependency, with the given credentials.
    private func build(_ dependency: String, with credential: String?) async throws -> Outcome {
        try write(
            "project/Cargo.toml",
            """
            [package]
            name = "project"
            edition = "2021"
            [dependencies]
            remote = \(dependency)
            """
        )
        try write("project/src/main.rs", "fn main() { println!(\"{}\", remote::answer()) }\n")
        let credentials = credential.map { "credentials = [\"\($0)\"]\n" } ?? ""
        // Nobody is there to be asked for a password.
        let silence = "GIT_TERMINAL_PROMPT=0\", \"GIT_SSH_COMMAND=ssh -o BatchMode=yes"
        try write(
            "project/Cross.toml",
            """
            [build]
            rootfs = "debian"
            \(credentials)
            [build.env]
            passthrough = ["\(silence)"]
            """
        )
        return try await home.run(
            [home.machine.program("cross"), "check", "--target", Self.triple],
            in: home.path.appending("project"),
            environment: [
                "CROSS_STORE": try SharedStore.path().string, "SSH_AUTH_SOCK": sources.agent,
                "CARGO_NET_RETRY": "0",
            ]
        )
    }

    private func expectOnly(_ credential: String, fetches dependency: String) async throws {
        let without = try await build(dependency, with: nil)
        #expect(without.code == 101, "\(without.errors)")
        let with = try await build(dependency, with: credential)
        #expect(with.code == 0, "\(with.errors)")
        #expect(with.errors.contains("Checking remote v1.0.0"), "\(with.errors)")
    }

    @Test func theAgentHasTheKeyOfAGitRepository() async throws {
        let hosts = sources.directory.appending("known_hosts").string
        try write(".ssh/known_hosts", try String(contentsOfFile: hosts, encoding: .utf8))
        let place = "\(home.machine.user)@127.0.0.1:\(sources.sshPort)\(sources.repository)"
        try await expectOnly("ssh-agent", fetches: "{ git = \"ssh://\(place)\" }")
    }

    @Test func gitsFilesHaveThePasswordOfAGitRepository() async throws {
        let server = "127.0.0.1:\(sources.httpPort)"
        try write(".config/git/config", "[credential]\n\thelper = store\n")
        let password = home.path.appending(".git-credentials").string
        try "http://me:secret@\(server)\n".write(
            toFile: password,
            atomically: true,
            encoding: .utf8
        )
        try home.give(FilePath(password))
        try await expectOnly("git", fetches: "{ git = \"http://\(server)/git/remote.git\" }")
    }

    @Test func cargosFilesHaveTheTokenOfARegistry() async throws {
        try write(
            "project/.cargo/config.toml",
            "registries.own.index = \"sparse+http://127.0.0.1:\(sources.httpPort)/registry/\"\n"
        )
        try write(".cargo/credentials.toml", "[registries.own]\ntoken = \"token\"\n")
        try await expectOnly("cargo", fetches: "{ version = \"1\", registry = \"own\" }")
    }
}
