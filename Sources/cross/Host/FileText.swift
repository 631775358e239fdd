// SPDX-License-Identifier: MIT OR Apache-2.0

import CLinux
import Glibc
import SystemPackage

/// Words among the bytes of a program.
enum FileText {
    /// What comes after the first occurrence of some words.
    ///
    /// - Parameters:
    ///   - words: to look for.
    ///   - path: a regular file; it is mapped, not copied.
    ///   - length: how many bytes are wanted.
    /// - Returns: as many characters; `nil` where the words, or the file, are not there.
    static func following(_ words: String, in path: FilePath, length: Int) -> String? {
        guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else {
            return nil
        }
        defer { try? file.close() }
        guard let size = try? Int(file.seek(offset: 0, from: .end)), size > 0,
            let start = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, file.rawValue, 0),
            unsafe start != MAP_FAILED
        else { return nil }
        defer { unsafe munmap(start, size) }
        let bytes = Array(words.utf8)
        let found = unsafe bytes.withUnsafeBytes { wanted in
            unsafe memmem(start, size, wanted.baseAddress, wanted.count)
        }
        guard let found = unsafe found else { return nil }
        let offset = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(start) + bytes.count
        let rest = unsafe UnsafeRawBufferPointer(
            start: start + offset,
            count: min(length, size - offset)
        )
        return unsafe String(decoding: rest, as: UTF8.self)
    }
}
