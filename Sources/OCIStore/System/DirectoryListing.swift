// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// The names in a directory, one after the other.
@safe
package struct DirectoryListing: ~Copyable {
    /// What a directory holds under a name.
    package struct Entry {
        /// The name, a single component.
        package let name: PathBytes
        /// Whether it is a directory; a symbolic link to one is not.
        package let isDirectory: Bool
    }

    private let stream: OpaquePointer
    private let path: FilePath

    /// Starts at the directory's first name; the descriptor's own position is not used.
    ///
    /// - Parameter directory: open for reading; a listing may outlive it.
    /// - Throws: `StoreError.system`.
    package init(of directory: borrowing OwnedDescriptor) throws(StoreError) {
        let raw = directory.raw
        let copy = try systemCall("openat", directory.path) {
            unsafe openat(raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        guard let stream = unsafe fdopendir(copy) else {
            let code = Errno(rawValue: errno)
            close(copy)
            throw .system(call: "fdopendir", path: directory.path, code)
        }
        unsafe self.stream = stream
        self.path = directory.path
    }

    deinit { unsafe closedir(stream) }

    /// The next name, `.` and `..` left out, in the file system's own order.
    ///
    /// - Returns: `nil` after the last one; whether what comes or goes meanwhile is among them is open.
    /// - Throws: `StoreError.system`.
    package mutating func next() throws(StoreError) -> Entry? {
        while true {
            // readdir(3): only errno tells the end from an error.
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                guard errno == 0 else {
                    throw .system(call: "readdir", path: path, Errno(rawValue: errno))
                }
                return nil
            }
            let bytes = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { buffer in
                unsafe Array(buffer.prefix { $0 != 0 })
            }
            guard bytes != [UInt8(ascii: ".")], bytes != Array("..".utf8),
                let name = PathBytes(bytes)
            else { continue }
            return Entry(
                name: name,
                isDirectory: try isDirectory(name, type: unsafe entry.pointee.d_type)
            )
        }
    }

    /// readdir(3): some file systems leave the type to stat.
    private func isDirectory(_ name: PathBytes, type: UInt8) throws(StoreError) -> Bool {
        guard Int(type) == DT_UNKNOWN else { return Int(type) == DT_DIR }
        var status = stat()
        let directory = unsafe dirfd(stream)
        try systemCall("fstatat", path.appending(name)) {
            unsafe name.withCString { unsafe fstatat(directory, $0, &status, AT_SYMLINK_NOFOLLOW) }
        }
        return status.st_mode & S_IFMT == S_IFDIR
    }
}
