// SPDX-License-Identifier: MIT OR Apache-2.0

package import Glibc
import SystemPackage

/// Calls for reading a tree that somebody else has filled.
extension OwnedDescriptor {
    /// What lstat(2) says of a name inside this directory.
    ///
    /// - Parameter name: not followed where it is a symbolic link.
    /// - Returns: its kind, mode, size in bytes, and times.
    /// - Throws: `StoreError.system`, `ENOENT` where there is nothing of that name.
    package func status(of name: PathBytes) throws(StoreError) -> stat {
        var status = stat()
        try systemCall("fstatat", path.appending(name)) {
            unsafe name.withCString { unsafe fstatat(raw, $0, &status, AT_SYMLINK_NOFOLLOW) }
        }
        return status
    }

    /// Opens a file or directory of the user's for reading, although its mode may forbid that.
    func openWhateverMode(
        _ name: PathBytes,
        _ status: stat
    ) throws(StoreError) -> OwnedDescriptor {
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | (isDirectory ? O_DIRECTORY : 0)
        let needed: UInt32 = isDirectory ? 0o700 : 0o400
        if status.st_mode & needed != needed {
            try changeMode(name, to: status.st_mode & 0o7777 | needed)
        }
        return try OwnedDescriptor(opening: name, in: self, flags)
    }

    /// The target of a symbolic link inside this directory.
    ///
    /// - Parameters:
    ///   - name: of the link.
    ///   - size: of the target in bytes, as lstat(2) says it; more is cut off.
    /// - Returns: the target as it is spelled, which may lead anywhere.
    /// - Throws: `StoreError.system`, `EINVAL` where it is no link.
    package func target(of name: PathBytes, size: Int) throws(StoreError) -> PathBytes {
        let room = max(size, 1)
        var bytes = [CChar](repeating: 0, count: room)
        let count = try systemCall("readlinkat", path.appending(name)) {
            unsafe name.withCString { unsafe readlinkat(raw, $0, &bytes, room) }
        }
        guard let target = PathBytes(bytes[..<count].map { UInt8(bitPattern: $0) }) else {
            throw .system(call: "readlinkat", path: path.appending(name), .invalidArgument)
        }
        return target
    }

    /// Where the file has data at or after a position; `nil` where only a hole follows.
    ///
    /// - Source: lseek(2), `SEEK_DATA`, which Swift does not import.
    func dataStart(from position: Int64) throws(StoreError) -> Int64? {
        do throws(StoreError) {
            return Int64(try systemCall("lseek", path) { lseek(raw, Int(position), 3) })
        } catch {
            guard error.errno == .noSuchAddressOrDevice else { throw error }
            return nil
        }
    }

    /// Where the data at a position ends.
    ///
    /// - Source: lseek(2), `SEEK_HOLE`, which Swift does not import.
    func dataEnd(from position: Int64) throws(StoreError) -> Int64 {
        Int64(try systemCall("lseek", path) { lseek(raw, Int(position), 4) })
    }

    /// Reads over the first bytes of a buffer; the number of bytes read, 0 at the end of the file.
    func read(
        into buffer: inout [UInt8],
        _ count: Int,
        at position: Int64
    ) throws(StoreError) -> Int {
        try unsafe buffer.withUnsafeMutableBufferPointer { (bytes) throws(StoreError) in
            try systemCall("pread", path) {
                unsafe pread(raw, bytes.baseAddress, count, Int(position))
            }
        }
    }
}
