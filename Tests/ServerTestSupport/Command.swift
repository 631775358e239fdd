// SPDX-License-Identifier: MIT OR Apache-2.0

package import Foundation
package import SystemPackage

/// A host program that runs to its end.
package struct Command {
    package struct Result {
        package let status: Int32
        package let signal: Int32?
        package let output: String
        package let errors: String
    }

    package struct Failure: Error {
        package let command: String
        package let result: Result

        package init(command: String, result: Result) {
            self.command = command
            self.result = result
        }
    }

    package let arguments: [String]
    package var environment: [String: String] = [:]
    /// What it reads from standard input.
    package var input: FilePath?

    package init(_ arguments: String..., environment: [String: String] = [:]) {
        self.init(arguments: arguments, environment: environment)
    }

    package init(arguments: [String], environment: [String: String] = [:]) {
        self.arguments = arguments
        self.environment = environment
    }

    /// Runs it with the test's own `PATH` and nothing else of its environment.
    package func start(in directory: TemporaryDirectory) throws -> Running {
        let name = UUID().uuidString
        let output = try directory.write("output-\(name)", "")
        let errors = try directory.write("errors-\(name)", "")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = environment.merging(
            ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        ) { own, _ in own }
        process.standardInput =
            input.flatMap { FileHandle(forReadingAtPath: $0.string) } ?? FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: output.string)
        process.standardError = FileHandle(forWritingAtPath: errors.string)
        try process.run()
        return Running(process: process, output: output, errors: errors)
    }

    /// Runs it and returns whatever it did.
    package func run(in directory: TemporaryDirectory) throws -> Result {
        try start(in: directory).wait()
    }

    /// Runs it and throws where it fails.
    @discardableResult
    package func check(in directory: TemporaryDirectory) throws -> Result {
        let result = try run(in: directory)
        guard result.status == 0, result.signal == nil else {
            throw Failure(command: arguments.joined(separator: " "), result: result)
        }
        return result
    }

    /// A program under way.
    package struct Running {
        package let process: Process
        package let output: FilePath
        package let errors: FilePath

        package func wait() throws -> Result {
            process.waitUntilExit()
            let isSignal = process.terminationReason == .uncaughtSignal
            return Result(
                status: isSignal ? -1 : process.terminationStatus,
                signal: isSignal ? process.terminationStatus : nil,
                output: try String(contentsOfFile: output.string, encoding: .utf8),
                errors: try String(contentsOfFile: errors.string, encoding: .utf8)
            )
        }
    }
}
