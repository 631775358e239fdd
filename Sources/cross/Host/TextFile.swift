// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// A whole small file of the user's, such as a manifest.
enum TextFile {
    /// Larger files are refused: nothing that a person writes by hand comes near.
    static let limit = 16 << 20

    /// Reads a file.
    ///
    /// - Parameter path: a regular file.
    /// - Returns: its text; `nil` where there is no such file.
    /// - Throws: `TextFileError` where it is there but cannot be read.
    static func read(_ path: FilePath) throws(TextFileError) -> String? {
        guard let bytes = try bytes(path, limit: limit) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8(path) }
        return text
    }

    /// Reads a file that need not be text.
    ///
    /// - Parameters:
    ///   - path: a regular file.
    ///   - limit: in bytes; a longer file is refused.
    /// - Returns: its bytes; `nil` where there is no such file.
    /// - Throws: `TextFileError` where it is there but cannot be read.
    static func bytes(_ path: FilePath, limit: Int) throws(TextFileError) -> [UInt8]? {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            return try file.closeAfter { try contents(of: file, path, limit) }
        } catch let error as TextFileError {
            throw error
        } catch let error as Errno {
            if error == .noSuchFileOrDirectory || error == .notDirectory { return nil }
            throw .unreadable(path, error)
        } catch {
            throw .unreadable(path, .ioError)
        }
    }

    /// The beginning of a file that need not be text; `nil` where it cannot be read.
    static func beginning(_ path: FilePath, length: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: length)
        guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec),
            let count = try? file.closeAfter({
                try unsafe bytes.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
            })
        else { return nil }
        return Array(bytes[..<count])
    }

    private static func contents(
        of file: FileDescriptor,
        _ path: FilePath,
        _ limit: Int
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try unsafe chunk.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
            if count == 0 { break }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw TextFileError.tooLarge(path) }
        }
        return bytes
    }
}

/// Why a file that is there could not be read.
enum TextFileError: Error, Equatable {
    case unreadable(FilePath, Errno)
    case tooLarge(FilePath)
    case notUTF8(FilePath)
}
