// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
package import SystemPackage

/// All bytes of a configuration file.
///
/// - Parameter path: of a file of at most 8 MiB.
/// - Returns: its contents.
/// - Throws: what open(2) or read(2) says; `fileTooLarge`.
package func contents(of path: FilePath) throws(Errno) -> [UInt8] {
    do {
        let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        return try file.closeAfter {
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 64 * 1024)
            while bytes.count < 8 << 20 {
                let count = try unsafe chunk.withUnsafeMutableBytes {
                    unsafe try file.read(into: $0)
                }
                if count == 0 { return bytes }
                bytes += chunk.prefix(count)
            }
            throw Errno.fileTooLarge
        }
    } catch let error as Errno {
        throw error
    } catch {
        throw .ioError
    }
}

/// The names of a directory's entries, in no order.
func names(in directory: FilePath) throws(Errno) -> [[UInt8]] {
    guard let stream = unsafe directory.withPlatformString({ unsafe opendir($0) }) else {
        throw Errno(rawValue: errno)
    }
    defer { unsafe closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = unsafe readdir(stream) {
        let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            unsafe Array(bytes.prefix { $0 != 0 })
        }
        names.append(name)
    }
    return names
}
