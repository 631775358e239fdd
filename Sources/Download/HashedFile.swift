// SPDX-License-Identifier: MIT OR Apache-2.0

import Crypto
import Foundation
import OCIStore
import SystemPackage

/// A file that is written from its beginning on, and the digest of what is in it so far.
struct HashedFile: ~Copyable {
    private let file: FileDescriptor
    private var hasher = SHA256()
    /// How much of it was written or read, in bytes.
    private(set) var length: Int64 = 0

    /// Opens or makes a file, for its owner alone.
    ///
    /// - Parameters:
    ///   - path: not followed where it is a symbolic link.
    ///   - mode: reading is for `readBack` alone.
    ///   - options: more than those that every such file has.
    /// - Throws: what open(2) says.
    init(
        _ path: FilePath,
        _ mode: FileDescriptor.AccessMode,
        _ options: FileDescriptor.OpenOptions = []
    ) throws(Errno) {
        file = try errno {
            try FileDescriptor.open(
                path,
                mode,
                options: options.union([.create, .noFollow, .closeOnExec]),
                permissions: [.ownerReadWrite]
            )
        }
    }

    deinit {
        try? file.close()
    }

    /// Of what is there.
    var digest: OCIStore.Digest { OCIStore.Digest(hasher.finalize()) }

    /// Writes a chunk behind what is there.
    mutating func append(_ chunk: Data) throws(Errno) {
        let (file, offset) = (file, length)
        try errno {
            try unsafe chunk.withUnsafeBytes { bytes in
                _ = unsafe try file.writeAll(toAbsoluteOffset: offset, bytes)
            }
        }
        hasher.update(data: chunk)
        length += Int64(chunk.count)
    }

    /// Forgets everything.
    mutating func empty() throws(Errno) {
        let file = file
        try errno { try file.resize(to: 0) }
        hasher = SHA256()
        length = 0
    }

    /// Takes the digest of what an open file holds, but of hardly more than the limit.
    mutating func readBack(limit: Int64) throws(Errno) {
        let file = file
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while length <= limit {
            let count = try errno {
                try unsafe chunk.withUnsafeMutableBytes { unsafe try file.read(into: $0) }
            }
            if count == 0 { break }
            hasher.update(data: chunk.prefix(count))
            length += Int64(count)
        }
    }
}

/// Gives the calls of swift-system, which only throw `Errno`, that type.
private func errno<Value>(_ body: () throws -> Value) throws(Errno) -> Value {
    do {
        return try body()
    } catch {
        throw error as? Errno ?? .ioError
    }
}
