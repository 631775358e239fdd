// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: file(1)'s magic; POSIX, pax, "ustar Interchange Format".

import OCIStore

/// How `ADD` tells an archive from another file: by its beginning, never by its name.
enum ArchiveMagic {
    private static let beginnings: [[UInt8]] = [
        [0x1F, 0x8B], Array("BZh".utf8), [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00],
        [0x28, 0xB5, 0x2F, 0xFD],
    ]

    /// Whether an open file begins as a tar archive does, or as one that is compressed.
    ///
    /// - Throws: `StoreError`.
    static func isArchive(_ file: borrowing OwnedDescriptor) throws(StoreError) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 512)
        var count = 0
        while count < bytes.count {
            let step = try file.read(into: &bytes, from: count)
            guard step > 0 else { break }
            count += step
        }
        let start = bytes[..<count]
        return beginnings.contains { start.starts(with: $0) }
            || start.dropFirst(257).starts(with: "ustar".utf8)
    }
}
