// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: mkstemp(3).

import Glibc
import SystemPackage

/// A file without a name, to take what a sandboxed program writes.
///
/// Unlike a pipe it needs nobody who reads while the program runs.
struct ScratchFile: ~Copyable {
    let descriptor: FileDescriptor

    init(_ host: Host) throws(Errno) {
        let directory = FilePath(host.environment["TMPDIR"] ?? "/tmp")
        var template = directory.appending("cross-XXXXXX").string.utf8CString.map(\.self)
        let number = unsafe mkstemp(&template)
        guard number >= 0 else { throw Errno(rawValue: errno) }
        unsafe unlink(template)
        descriptor = FileDescriptor(rawValue: number)
    }

    deinit { try? descriptor.close() }

    /// Everything that was written.
    func contents() throws -> [UInt8] {
        let size = Int(try descriptor.seek(offset: 0, from: .end))
        var bytes = [UInt8](repeating: 0, count: size)
        let count = try unsafe bytes.withUnsafeMutableBytes { buffer in
            try unsafe descriptor.read(fromAbsoluteOffset: 0, into: buffer)
        }
        return Array(bytes.prefix(count))
    }
}
