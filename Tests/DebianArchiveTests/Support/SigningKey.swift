// SPDX-License-Identifier: MIT OR Apache-2.0

import StoreTestSupport
import SystemPackage

/// A fresh OpenPGP key, in a directory of its own.
struct SigningKey {
    let home: FilePath
    /// The public key, binary.
    let keyring: FilePath
    /// The public key in ASCII armour.
    let armoured: FilePath
    let fingerprint: String

    /// Makes a key; the options are gpg's, such as a time to believe it to be.
    init(
        _ name: String,
        in directory: FilePath,
        algorithm: String = "ed25519",
        expires: String = "never",
        options: [String] = []
    ) async throws {
        home = directory.appending(name)
        keyring = directory.appending("\(name).gpg")
        armoured = directory.appending("\(name).asc")
        try await Program("mkdir", "-m", "700", home.string).check()
        let common = ["gpg", "--homedir", home.string, "--batch", "--quiet"]
        try await Program(
            command: common + options + [
                "--passphrase", "", "--quick-generate-key", "\(name) <\(name)@example.org>",
                algorithm,
                "sign", expires,
            ]
        ).check()
        try await Program(command: common + ["--output", keyring.string, "--export"]).check()
        try await Program(command: common + ["--armour", "--output", armoured.string, "--export"])
            .check()
        let listing = try await Program(command: common + ["--with-colons", "--list-keys"]).check()
        fingerprint =
            listing.split(separator: "\n").first { $0.hasPrefix("fpr:") }?
            .split(separator: ":").last.map(String.init) ?? ""
    }

    /// A text with its signature around it.
    func sign(_ text: String, options: [String] = []) async throws -> [UInt8] {
        let command = ["gpg", "--homedir", home.string, "--batch", "--quiet"]
        let signed = try await Program(
            command: command + options + ["--clear-sign", "--digest-algo", "SHA512"],
            input: text
        ).check()
        return Array(signed.utf8)
    }

    /// Ends the agent that gpg has started.
    func retire() async throws {
        try await Program("gpgconf", "--homedir", home.string, "--kill", "gpg-agent").check()
    }
}
