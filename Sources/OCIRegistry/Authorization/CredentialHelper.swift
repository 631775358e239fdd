// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: docker/docker-credential-helpers, README, "Development".

import Foundation
import Subprocess
import SystemPackage

/// What became of a question to a credential helper.
public enum CredentialHelperAnswer: Hashable, Sendable, Codable {
    /// What the program wrote; a secret.
    case output(String)
    /// It has failed, which is how it says that it knows no credential.
    case none
    /// It could not be started.
    case unusable
}

/// Asks the program `docker-credential-<name>` for the credential of a server.
public typealias CredentialHelperQuestion =
    @Sendable (_ name: String, _ server: String) async -> CredentialHelperAnswer

/// The program `docker-credential-<name>`, found in the user's `PATH`.
public struct CredentialHelper: Sendable {
    private struct Answer: Decodable {
        // The helpers' own spelling.
        var Username: String
        var Secret: String
    }

    private let name: String
    private let question: CredentialHelperQuestion

    /// - Throws: `credentialHelperUnusable` where the name could be a path or an option.
    init(_ name: String, _ question: @escaping CredentialHelperQuestion) throws(RegistryError) {
        guard Self.isPlain(name) else { throw .credentialHelperUnusable(name: name) }
        self.name = name
        self.question = question
    }

    /// Asks for the credential of a server; what the program prints is never shown.
    ///
    /// - Returns: `nil` where the program knows none.
    func credential(for server: String) async throws(RegistryError) -> Credential? {
        switch await question(name, server) {
        case .none: return nil
        case .unusable: throw .credentialHelperUnusable(name: name)
        case .output(let output):
            guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(output.utf8))
            else { throw .credentialHelperUnusable(name: name) }
            return answer.Username == "<token>"
                ? .identityToken(answer.Secret)
                : .password(user: answer.Username, password: answer.Secret)
        }
    }

    /// Runs the program.
    ///
    /// - Parameters:
    ///   - name: of the helper; nothing is run where it could be a path or an option.
    ///   - server: what it is asked for.
    ///   - environment: that it gets, and whose `PATH` it is looked for in.
    /// - Returns: what it has to say.
    public static func ask(
        _ name: String,
        for server: String,
        environment: [String: String]
    ) async -> CredentialHelperAnswer {
        guard isPlain(name) else { return .unusable }
        let variables = environment.compactMap { name, value in
            Environment.Key(rawValue: name).map { ($0, value) }
        }
        do {
            let input = try text(server)
            // A task of its own, which nobody cancels: swift-subprocess 1.0 traps where a task is cancelled
            // while its program is being started.
            let result = try await Task {
                try await run(
                    .name("docker-credential-\(name)"),
                    arguments: ["get"],
                    environment: .custom(
                        Dictionary(variables, uniquingKeysWith: { first, _ in first })
                    ),
                    input: .fileDescriptor(input, closeAfterSpawningProcess: true),
                    output: .string(limit: 64 * 1024)
                )
            }.value
            return result.terminationStatus.isSuccess ? .output(result.standardOutput) : .none
        } catch {
            return .unusable
        }
    }

    /// A pipe with some text in it, short enough that nobody need be there to read it.
    ///
    /// swift-subprocess 1.0 traps where a program ends before it has read what it is given.
    private static func text(_ text: String) throws -> FileDescriptor {
        let pipe = try FileDescriptor.pipe()
        return try pipe.writeEnd.closeAfter {
            try pipe.writeEnd.writeAll(text.utf8)
            return pipe.readEnd
        }
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-")
            }
    }
}
