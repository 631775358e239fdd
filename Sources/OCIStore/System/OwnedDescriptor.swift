// SPDX-License-Identifier: MIT OR Apache-2.0

import CLinux
package import Glibc
package import SystemPackage

/// An open file or directory that is closed when its owner is done with it.
package struct OwnedDescriptor: ~Copyable, Sendable {
    /// The descriptor; valid while this value lives.
    package let raw: CInt
    /// What was opened, for messages; put together when it is asked for, which for most files nobody does.
    package var path: FilePath { Self.path(base, names) }
    private let base: FilePath
    /// The way from there, from one open directory to the next.
    private let names: [PathBytes]

    /// Opens a path; always close-on-exec.
    ///
    /// - Parameters:
    ///   - path: from the root or the working directory.
    ///   - flags: those of open(2).
    ///   - mode: of a file that is made, without what the umask takes away.
    /// - Throws: `StoreError.system`.
    package init(
        opening path: FilePath,
        _ flags: CInt,
        mode: UInt32 = 0
    ) throws(StoreError) {
        self.raw = try systemCall("open", path) {
            unsafe path.withPlatformString { unsafe open($0, flags | O_CLOEXEC, mode) }
        }
        self.base = path
        self.names = []
    }

    /// Opens a name inside an open directory; always close-on-exec.
    ///
    /// - Parameters:
    ///   - name: followed where it is a symbolic link, unless the flags forbid it.
    ///   - directory: where the name is.
    ///   - flags: those of open(2).
    ///   - mode: of a file that is made, without what the umask takes away.
    /// - Throws: `StoreError.system`.
    package init(
        opening name: PathBytes,
        in directory: borrowing OwnedDescriptor,
        _ flags: CInt,
        mode: UInt32 = 0
    ) throws(StoreError) {
        let (raw, base, names) = (directory.raw, directory.base, directory.names + [name])
        self.raw = try systemCall("openat", Self.path(base, names)) {
            unsafe name.withCString { unsafe openat(raw, $0, flags | O_CLOEXEC, mode) }
        }
        self.base = base
        self.names = names
    }

    private static func path(_ base: FilePath, _ names: [PathBytes]) -> FilePath {
        names.reduce(base) { $0.appending($1) }
    }

    deinit { close(raw) }

    /// Keeps the open file, and so its lock, until the process ends.
    func keepOpen() throws(StoreError) {
        _ = try systemCall("fcntl", path) { fcntl(raw, F_DUPFD_CLOEXEC, 0) }
    }

    /// What fstat(2) says.
    ///
    /// - Returns: kind, mode, size in bytes, and times.
    /// - Throws: `StoreError.system`.
    package func status() throws(StoreError) -> stat {
        var status = stat()
        try systemCall("fstat", path) { unsafe fstat(raw, &status) }
        return status
    }

    /// Writes all of the bytes at the file's position.
    ///
    /// - Parameter bytes: any number of them, in as many calls as it takes.
    /// - Throws: `StoreError.system`; some of the bytes may have been written.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        var rest = unsafe bytes[...]
        while unsafe !rest.isEmpty {
            let count = try systemCall("write", path) {
                unsafe Glibc.write(
                    raw,
                    UnsafeRawBufferPointer(rebasing: rest).baseAddress,
                    rest.count
                )
            }
            unsafe rest = unsafe rest.dropFirst(count)
        }
    }

    /// Writes all of the bytes at the file's position.
    ///
    /// - Parameter bytes: any number of them, in as many calls as it takes.
    /// - Throws: `StoreError.system`; some of the bytes may have been written.
    package func write(_ bytes: [UInt8]) throws(StoreError) {
        try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(StoreError) in
            try unsafe write(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Reads once, over the bytes from `start` on.
    ///
    /// - Parameters:
    ///   - bytes: as many are read as there are from `start` on, or fewer.
    ///   - start: an index of them.
    /// - Returns: the number of bytes read, 0 at the end of the file.
    /// - Throws: `StoreError.system`.
    package func read(into bytes: inout [UInt8], from start: Int) throws(StoreError) -> Int {
        try unsafe bytes.withUnsafeMutableBufferPointer { (buffer) throws(StoreError) in
            try unsafe read(
                into: UnsafeMutableRawBufferPointer(
                    UnsafeMutableBufferPointer(rebasing: buffer[start...])
                )
            )
        }
    }

    /// Reads once, into the buffer.
    ///
    /// - Parameter buffer: as many bytes are read as it has, or fewer.
    /// - Returns: the number of bytes read, 0 at the end of the file.
    /// - Throws: `StoreError.system`.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(StoreError) -> Int {
        try systemCall("read", path) {
            unsafe Glibc.read(raw, buffer.baseAddress, buffer.count)
        }
    }

    /// Reads from the file's position to its end.
    ///
    /// - Parameter limit: of the bytes that can be right.
    /// - Returns: all of them.
    /// - Throws: `StoreError.damaged` where there are more, `.system`.
    package func readAll(limit: Int) throws(StoreError) -> [UInt8] {
        // One byte more than the file has, so that the second read meets the end.
        var bytes = [UInt8](repeating: 0, count: min(limit, Int(try status().st_size)) + 1)
        var end = 0
        while case let count = try read(into: &bytes, from: end), count > 0 {
            end += count
            guard end <= limit else { throw .damaged(path, line: nil) }
            if end == bytes.count { bytes += [UInt8](repeating: 0, count: 64 * 1024) }
        }
        bytes.removeLast(bytes.count - end)
        return bytes
    }

    /// Makes everything written to the file system durable, with one call for any number of files.
    ///
    /// - Throws: `StoreError.system`, also for what could not be written since the last such call.
    /// - Source: syncfs(2).
    package func synchroniseFileSystem() throws(StoreError) {
        try systemCall("syncfs", path) { syncfs(raw) }
    }

    /// Lets the kernel begin to write the content to the disk, so that less is left to wait for later.
    ///
    /// A hint: a file system that knows no such call writes when it likes.
    func beginWriting() {
        _ = sync_file_range(raw, 0, 0, UInt32(BEGIN_WRITING))
    }

    /// Makes the file's content durable.
    ///
    /// - Throws: `StoreError.system`, also for what could not be written before.
    /// - Source: fsync(2).
    package func synchronise() throws(StoreError) {
        try systemCall("fsync", path) { fsync(raw) }
    }

    /// Locks the open file, waiting for others where asked to.
    ///
    /// - Parameter operation: `LOCK_SH`, `LOCK_EX` or `LOCK_UN`; with `LOCK_NB` it does not wait.
    /// - Returns: false where another open file has a conflicting lock and this call does not wait.
    /// - Throws: `StoreError.system`.
    /// - Source: flock(2).
    package func lock(_ operation: CInt) throws(StoreError) -> Bool {
        do throws(StoreError) {
            try systemCall("flock", path) { flock(raw, operation) }
            return true
        } catch {
            guard error.errno == .wouldBlock else { throw error }
            return false
        }
    }
}
