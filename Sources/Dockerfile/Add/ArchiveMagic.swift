// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: file(1)'s magic; POSIX, ustar(5), "Checksum".

/// How `ADD` tells an archive from another file: by its beginning, never by its name.
package enum ArchiveMagic {
    /// What a file is compressed by, as its beginning says.
    package enum Compression: Hashable, Sendable, CaseIterable {
        /// RFC 1952.
        case gzip
        /// bzip2.
        case bzip2
        /// The .xz file format.
        case xz
        /// RFC 8878.
        case zstd

        fileprivate var beginning: [UInt8] {
            switch self {
            case .gzip: [0x1F, 0x8B, 0x08]
            case .bzip2: Array("BZh".utf8)
            case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
            case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
            }
        }
    }

    /// How much of a file there is to look at, in bytes: the first header of a tar archive.
    package static let length = 512
    private static let checksum = 148..<156

    /// What a file is compressed by.
    ///
    /// - Parameter bytes: its beginning.
    /// - Returns: `nil` where it is not compressed, or by something else.
    package static func compression(_ bytes: [UInt8]) -> Compression? {
        Compression.allCases.first { bytes.starts(with: $0.beginning) }
    }

    /// Whether a file is a tar archive, of whatever dialect: whether its first header's sum is right.
    ///
    /// - Parameter bytes: the beginning of the file, or of what it decompresses to.
    /// - Returns: false also for an archive of nothing.
    package static func isTar(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= length, bytes[0] != 0 else { return false }
        let digits = bytes[checksum].drop { $0 == UInt8(ascii: " ") }
            .prefix { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
        guard let stated = Int(String(decoding: digits, as: UTF8.self), radix: 8) else {
            return false
        }
        // The sum is taken as if the checksum itself were eight spaces.
        let others = bytes[..<checksum.lowerBound] + bytes[checksum.upperBound..<length]
        let blank = checksum.count * Int(UInt8(ascii: " "))
        return others.reduce(blank) { $0 + Int($1) } == stated
    }

    /// Whether a file can be an archive, compressed or not, so that it is worth a closer look.
    ///
    /// - Parameter bytes: its beginning.
    /// - Returns: true for what is compressed, whatever is in it.
    package static func mayBeArchive(_ bytes: [UInt8]) -> Bool {
        compression(bytes) != nil || isTar(bytes)
    }
}
