// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: docker/docker-credential-helpers, README, "Development".

import Foundation
import Subprocess

/// The program `docker-credential-<name>`, found in the user's `PATH`.
struct CredentialHelper {
    private struct Answer: Decodable {
        // The helpers' own spelling.
        var Username: String
        var Secret: String
    }

    private let name: String
    private let environment: [String: String]

    /// - Throws: `credentialHelperUnusable` where the name could be a path or an option.
    init(_ name: String, environment: [String: String]) throws(RegistryError) {
        let isPlain = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-")
        }
        guard isPlain, !name.isEmpty else { throw .credentialHelperUnusable(name: name) }
        self.name = name
        self.environment = environment
    }

    /// Asks for the credential of a server; what the program prints is never shown.
    ///
    /// - Returns: `nil` where the program fails, which is how it says that it knows none.
    func credential(for server: String) async throws(RegistryError) -> Credential? {
        let output: String?
        do {
            // A task of its own, which nobody cancels: swift-subprocess 1.0 traps where a task is cancelled
            // while its program is being started.
            let result = try await Task {
                try await run(
                    .name("docker-credential-\(name)"),
                    arguments: ["get"],
                    environment: .custom(
                        Dictionary(
                            environment.compactMap { name, value in
                                Environment.Key(rawValue: name).map { ($0, value) }
                            },
                            uniquingKeysWith: { first, _ in first }
                        )
                    ),
                    input: .string(server),
                    output: .string(limit: 64 * 1024)
                )
            }.value
            guard result.terminationStatus.isSuccess else { return nil }
            output = result.standardOutput
        } catch {
            throw .credentialHelperUnusable(name: name)
        }
        guard let output,
            let answer = try? JSONDecoder().decode(Answer.self, from: Data(output.utf8))
        else { throw .credentialHelperUnusable(name: name) }
        return answer.Username == "<token>"
            ? .identityToken(answer.Secret)
            : .password(user: answer.Username, password: answer.Secret)
    }
}
