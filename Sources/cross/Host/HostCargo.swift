// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// The host's own cargo, for what needs no root filesystem.
struct HostCargo {
    let arguments: [String]
    let host: Host

    /// Cargo with the arguments that `cross` was called with.
    init(_ arguments: [String], _ host: Host) {
        self.arguments = arguments
        self.host = host
    }

    /// Runs cargo and takes what it writes.
    ///
    /// - Throws: `HostCargoError.notFound`, or `HostProgramError` where it cannot run.
    func output() throws -> HostProgram.Outcome {
        guard let cargo = host.program("cargo") else { throw HostCargoError.notFound(arguments) }
        let program = HostProgram(
            path: cargo,
            arguments: arguments,
            environment: host.environment,
            workingDirectory: host.workingDirectory
        )
        return try program.output()
    }

    /// Becomes cargo, so that its exit status, signals and terminal are its own.
    ///
    /// - Returns: only if that failed, and why.
    func replaceProcess() -> HostCargoError {
        guard let cargo = host.program("cargo") else { return .notFound(arguments) }
        let words = unsafe ([cargo.string] + arguments).map { unsafe strdup($0) } + [nil]
        unsafe _ = cargo.withPlatformString { unsafe execv($0, words) }
        return .cannotRun(cargo, Errno(rawValue: errno))
    }
}

/// Why the host's cargo did not run.
enum HostCargoError: Error, Equatable {
    /// There is none; the arguments it should have had.
    case notFound([String])
    case cannotRun(FilePath, Errno)
}
