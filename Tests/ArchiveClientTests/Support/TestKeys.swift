// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import ServerTestSupport
import SystemPackage

/// The archive's key, and a stranger's.
final class TestKeys: Sendable {
    private let directory: TemporaryDirectory
    let keyring: FilePath

    init() throws {
        directory = try TemporaryDirectory()
        keyring = directory.path.appending("keyring.gpg")
        for name in ["archive", "stranger"] {
            let home = directory.path.appending(name)
            try FileManager.default.createDirectory(
                atPath: home.string,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )
            try gpg(
                name,
                "--passphrase",
                "",
                "--quick-generate-key",
                "\(name)@example.org",
                "ed25519"
            )
            .check(in: directory)
        }
        try gpg("archive", "--output", keyring.string, "--export").check(in: directory)
    }

    /// Ends the agents that gpg has started, and removes what they were started for.
    func remove() {
        for name in ["archive", "stranger"] {
            let agent = Command(
                "gpgconf",
                "--homedir",
                directory.path.appending(name).string,
                "--kill",
                "all"
            )
            _ = try? agent.run(in: directory)
        }
        try? FileManager.default.removeItem(atPath: directory.path.string)
    }

    func sign(_ text: String, isForged: Bool) throws -> [UInt8] {
        let file = try directory.write("release-\(UUID().uuidString)", text)
        let signed = "\(file).asc"
        try gpg(
            isForged ? "stranger" : "archive",
            "--output",
            signed,
            "--clearsign",
            file.string
        ).check(in: directory)
        return try directory.read(FilePath(signed))
    }

    private func gpg(_ name: String, _ arguments: String...) -> Command {
        let home = directory.path.appending(name).string
        return Command(
            arguments: ["gpg", "--homedir", home, "--batch", "--quiet", "--yes"] + arguments
        )
    }
}
