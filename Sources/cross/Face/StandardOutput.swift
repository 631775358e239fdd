// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import SystemPackage

/// Standard output: the child's, but for the few answers that are `cross`'s own.
enum StandardOutput {
    private static let state = Mutex<Errno?>(nil)

    /// Why a part of what was written is lost; `nil` where none is.
    static var failure: Errno? { state.withLock(\.self) }

    /// Writes a line at once: what is buffered would be lost when the process becomes cargo.
    static func write(_ line: String) {
        do {
            _ = try FileDescriptor.standardOutput.writeAll("\(line)\n".utf8)
        } catch {
            state.withLock { $0 = $0 ?? error as? Errno ?? .ioError }
        }
    }

    /// Has everything that is written during `body`, by children too, go to a file.
    ///
    /// - Parameters:
    ///   - file: takes it.
    ///   - body: runs with descriptor 1 being `file`.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, or dup2(2).
    static func redirected<Result>(
        to file: FileDescriptor,
        _ body: () throws -> Result
    ) throws -> Result {
        let own = try FileDescriptor.standardOutput.duplicate()
        defer {
            _ = try? own.duplicate(as: .standardOutput)
            try? own.close()
        }
        _ = try file.duplicate(as: .standardOutput)
        return try body()
    }
}
