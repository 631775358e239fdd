// SPDX-License-Identifier: MIT OR Apache-2.0

import Subprocess
import SystemPackage

/// A program of the host's, run to its end.
struct HostProgram: Sendable {
    let path: FilePath
    let arguments: [String]
    let environment: [String: String]
    let workingDirectory: FilePath

    /// How it ended, and what it wrote.
    struct Outcome: Sendable {
        let status: Int32
        let output: [UInt8]
    }

    /// What is asked for is a path, a version, or a lock, of which a thousand packages have 1 MB.
    private static let outputLimit = 16 << 20

    /// Runs it and takes its standard output; its standard error is the user's.
    ///
    /// - Parameter input: what it reads.
    /// - Returns: its exit status and its output.
    /// - Throws: `HostProgramError.cannotRun`, where it could not be started.
    func output(input: [UInt8] = []) throws(HostProgramError) -> Outcome {
        try finished {
            let result = try await run(
                configuration,
                input: .array(input),
                output: .bytes(limit: Self.outputLimit),
                error: .currentStandardError
            )
            let status = Self.code(result.terminationStatus)
            return Outcome(status: status, output: result.standardOutput)
        }
    }

    /// Runs it in the user's sight.
    ///
    /// - Parameter input: what it reads.
    /// - Returns: its exit status, 128+n for a signal.
    /// - Throws: `HostProgramError.cannotRun`, where it could not be started.
    func status(input: [UInt8] = []) throws(HostProgramError) -> Int32 {
        try started(input: input).wait().get()
    }

    /// Starts it in the user's sight, beside others.
    ///
    /// - Parameter input: what it reads.
    /// - Returns: what will be its exit status, 128+n for a signal.
    func started(input: [UInt8] = []) -> Finished<Int32> {
        begun {
            let result = try await run(
                configuration,
                input: .array(input),
                output: .currentStandardError,
                error: .currentStandardError
            )
            return Self.code(result.terminationStatus)
        }
    }

    /// Waits for what runs concurrently, so that everything else need not: a warm run starts no
    /// program of the host's, and with none of this no thread either.
    private func finished<Value: Sendable>(
        _ body: @Sendable @escaping () async throws -> Value
    ) throws(HostProgramError) -> Value {
        try begun(body).wait().get()
    }

    private func begun<Value: Sendable>(
        _ body: @Sendable @escaping () async throws -> Value
    ) -> Finished<Value> {
        let outcome = Finished<Value>()
        Task {
            do {
                outcome.end(.success(try await body()))
            } catch {
                outcome.end(.failure(.cannotRun(path, "\(error)")))
            }
        }
        return outcome
    }

    private var configuration: Subprocess.Configuration {
        let variables = environment.map { (Environment.Key(stringLiteral: $0), $1) }
        return Subprocess.Configuration(
            executable: .path(path),
            arguments: Arguments(arguments),
            environment: .custom(Dictionary(uniqueKeysWithValues: variables)),
            workingDirectory: workingDirectory
        )
    }

    private static func code(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}

/// Why a program of the host's did not run.
enum HostProgramError: Error, Equatable {
    case cannotRun(FilePath, String)
}
