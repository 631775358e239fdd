// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore
import SystemPackage

/// Calls for reading a tree that somebody else has filled; none follows a symbolic link.
extension OwnedDescriptor {
    /// What lstat(2) says of a name inside this directory.
    func status(of name: PathBytes) throws(StoreError) -> stat {
        var status = stat()
        try systemCall("fstatat", path.appending(name)) {
            unsafe name.withCString { unsafe fstatat(raw, $0, &status, AT_SYMLINK_NOFOLLOW) }
        }
        return status
    }

    /// What fstat(2) says.
    func ownStatus() throws(StoreError) -> stat {
        var status = stat()
        try systemCall("fstat", path) { unsafe fstat(raw, &status) }
        return status
    }

    /// The target of a symbolic link inside this directory.
    func target(of name: PathBytes) throws(StoreError) -> PathBytes {
        // readlink(2): one byte more than a target can have tells one that was cut.
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = try systemCall("readlinkat", path.appending(name)) {
            unsafe name.withCString { name in
                unsafe bytes.withUnsafeMutableBytes { buffer in
                    let start = unsafe buffer.bindMemory(to: CChar.self)
                    return unsafe readlinkat(
                        raw,
                        name,
                        start.baseAddress.unsafelyUnwrapped,
                        start.count
                    )
                }
            }
        }
        guard count < bytes.count, let target = PathBytes(bytes[..<count]) else {
            throw .system(call: "readlinkat", path: path.appending(name), .fileNameTooLong)
        }
        return target
    }

    /// The names in this directory, sorted by their bytes.
    func names() throws(StoreError) -> [PathBytes] {
        var listing = try DirectoryListing(of: self)
        var names: [PathBytes] = []
        while let entry = try listing.next() { names.append(entry.name) }
        return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }
}
