// SPDX-License-Identifier: MIT OR Apache-2.0

import StoreTestSupport
import Subprocess
import SystemPackage

/// A program of the machine that runs to its end.
struct Program {
    struct Result {
        let status: TerminationStatus
        let output: String
        let errors: String
    }

    struct Failure: Error {
        let command: [String]
        let result: Result
    }

    let command: [String]
    var environment: [String: String] = [:]
    var input = ""

    init(_ command: String..., environment: [String: String] = [:], input: String = "") {
        self.init(command: command, environment: environment, input: input)
    }

    init(command: [String], environment: [String: String] = [:], input: String = "") {
        self.command = command
        self.environment = environment.merging(["LC_ALL": "C"]) { own, _ in own }
        self.input = input
    }

    /// Runs it and returns whatever it did.
    func run() async throws -> Result {
        var overrides: [Environment.Key: String?] = [:]
        for (name, value) in environment { overrides[try require(name)] = value }
        let result = try await Subprocess.run(
            command[0].hasPrefix("/") ? .path(FilePath(command[0])) : .name(command[0]),
            arguments: Arguments(Array(command.dropFirst())),
            environment: .inherit.updating(overrides),
            input: .string(input),
            output: .string(limit: 64 << 20),
            error: .string(limit: 1 << 20)
        )
        return Result(
            status: result.terminationStatus,
            output: result.standardOutput,
            errors: result.standardError
        )
    }

    /// Runs it and throws where it fails.
    @discardableResult
    func check() async throws -> String {
        let result = try await run()
        guard result.status.isSuccess else { throw Failure(command: command, result: result) }
        return result.output
    }

    private func require(_ name: String) throws -> Environment.Key {
        guard let key = Environment.Key(rawValue: name) else {
            throw Failure(
                command: command,
                result: Result(status: .exited(-1), output: "", errors: name)
            )
        }
        return key
    }
}
