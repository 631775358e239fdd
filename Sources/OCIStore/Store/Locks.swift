// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
public import SystemPackage

/// What processes agree about before they work on it.
public enum LockName: Hashable, Sendable {
    /// A compressed blob that is being downloaded.
    case blob(Digest)
    /// A layer that is being unpacked, by its diff ID.
    case layer(Digest)
    /// A root filesystem that is being built, by its chain ID.
    case rootfs(Digest)
    /// A step that is being done, by its key.
    case step(Digest)
}

/// The process that has a lock.
public struct LockHolder: Hashable, Sendable {
    /// Its process ID, as seen in its own PID namespace.
    public let pid: Int32
    /// The name of its program.
    public let command: String
}

/// An exclusive lock that is given back when its owner is done with it, or dies.
public struct LockLease: ~Copyable, Sendable {
    /// flock(2) locks belong to the open file; closing it unlocks.
    private let file: OwnedDescriptor

    init(_ file: consuming OwnedDescriptor) {
        self.file = file
    }
}

/// A root filesystem that stays while this value lives.
public struct RootfsLease: ~Copyable, Sendable {
    /// The root directory; not to be written to.
    public let path: FilePath
    private let directory: OwnedDescriptor

    init(path: FilePath, _ directory: consuming OwnedDescriptor) {
        self.path = path
        self.directory = directory
    }
}

extension Store {
    /// Takes an exclusive lock, waiting for the process that has it.
    ///
    /// - Parameters:
    ///   - name: what to lock; a process must not take one twice.
    ///   - waiting: called once, before waiting, with who has the lock.
    /// - Returns: the lock.
    /// - Throws: `StoreError.system`.
    /// - Source: flock(2).
    public func lock(
        _ name: LockName,
        waiting: (LockHolder) -> Void
    ) throws(StoreError) -> LockLease {
        while true {
            let file = try OwnedDescriptor(
                opening: layout.lock(name),
                O_RDWR | O_CREAT | O_NOFOLLOW,
                mode: 0o600
            )
            if try !file.lock(LOCK_EX | LOCK_NB) {
                waiting(Self.holder(of: file))
                _ = try file.lock(LOCK_EX)
            }
            // Pruning removes what nobody has locked: then the name is another file's by now.
            guard try file.status().st_nlink > 0 else { continue }
            return try Self.signed(file)
        }
    }

    /// Writes who has the lock into its file.
    private static func signed(
        _ file: consuming OwnedDescriptor
    ) throws(StoreError) -> LockLease {
        let command = CommandLine.arguments.first.flatMap { FilePath($0).lastComponent?.string }
        try systemCall("ftruncate", file.path) { ftruncate(file.raw, 0) }
        // umask(2): the next process must be able to open it.
        try systemCall("fchmod", file.path) { fchmod(file.raw, 0o600) }
        // Reading who had it has moved the offset, and zero bytes would fill the gap.
        try systemCall("lseek", file.path) { CInt(clamping: lseek(file.raw, 0, SEEK_SET)) }
        try file.write(Array("\(getpid()) \(command ?? "")\n".utf8))
        return LockLease(file)
    }

    /// Who wrote themselves into the file; PID 0 where they have not come to it yet.
    private static func holder(of file: borrowing OwnedDescriptor) -> LockHolder {
        let bytes = (try? file.readAll(limit: 4096)) ?? []
        let words = bytes.prefix { $0 != UInt8(ascii: "\n") }
            .split(separator: UInt8(ascii: " "), maxSplits: 1)
            .map { String(decoding: $0, as: UTF8.self) }
        return LockHolder(
            pid: words.first.flatMap { Int32($0) } ?? 0,
            command: words.dropFirst().first ?? ""
        )
    }
}
