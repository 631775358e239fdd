// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// `build.credentials`: what only the user may fetch can be fetched inside, by what is named alone.
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
        try home.write(text, to: home.path.pushing(FilePath(name)))
    }

    /// Has a shell inside do something, in a project without or with the given credentials.
    private func run(_ command: String, with credential: String?) async throws -> Outcome {
        try write(
            "project/Cargo.toml",
            "[package]\nname = \"project\"\nedition = \"2021\"\n"
        )
        try write("project/src/main.rs", "fn main() {}\n")
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
        return try await home.runSharing(
            "cross-util",
            ["run", "--target", Self.triple, "--", command],
            in: home.path.appending("project"),
            ["SSH_AUTH_SOCK": sources.agent]
        )
    }

    private func expectOnly(_ credential: String, fetches place: String) async throws {
        let command = "git ls-remote \(place)"
        let without = try await run(command, with: nil)
        #expect(without.code == 128, "\(without.errors)")
        let with = try await run(command, with: credential)
        #expect(with.code == 0, "\(with.errors)")
        #expect(with.output.contains("refs/heads/main"), "\(with.errors)")
    }

    @Test func theAgentHasTheKeyOfAGitRepository() async throws {
        let hosts = sources.directory.appending("known_hosts").string
        try write(".ssh/known_hosts", try String(contentsOfFile: hosts, encoding: .utf8))
        let place = "\(home.machine.user)@127.0.0.1:\(sources.sshPort)\(sources.repository)"
        try await expectOnly("ssh-agent", fetches: "ssh://\(place)")
    }

    @Test func gitsFilesHaveThePasswordOfAGitRepository() async throws {
        let server = "127.0.0.1:\(sources.httpPort)"
        try write(".config/git/config", "[credential]\n\thelper = store\n")
        try write(".git-credentials", "http://me:secret@\(server)\n")
        try await expectOnly("git", fetches: "http://\(server)/git/remote.git")
    }

    @Test func cargosFilesHaveTheTokenOfARegistry() async throws {
        try write(
            "project/.cargo/config.toml",
            """
            registries.own.index = "sparse+http://127.0.0.1:\(sources.httpPort)/registry/"
            registry.global-credential-providers = ["cargo:token"]
            """
        )
        try write(".cargo/credentials.toml", "[registries.own]\ntoken = \"token\"\n")
        let command = "cargo info --registry own remote"
        #expect(try await run(command, with: nil).code == 101)
        let with = try await run(command, with: "cargo")
        #expect(with.code == 0, "\(with.errors)")
        #expect(with.output.contains("version: 1.0.0"), "\(with.output)\(with.errors)")
    }
}
