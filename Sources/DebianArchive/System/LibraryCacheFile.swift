// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: glibc, sysdeps/generic/dl-cache.h; elf/cache.c; elf/stringtable.c.

/// The file `/etc/ld.so.cache` in the form that glibc reads since 2.2 and writes since 2.32.
struct LibraryCacheFile {
    private struct Entry {
        let name: String
        let path: String
        let flags: UInt32
    }

    private static let headerSize = 48
    private static let entrySize = 24
    private static let extensionMagic: UInt32 = 0xEAA4_2174

    private let generator: String
    private var entries: [Entry] = []

    /// - Parameter libcVersion: of the Debian package that has ldconfig, such as `2.36-9+deb12u4`.
    init(libcVersion: String) {
        let release = libcVersion.prefix { $0 != "-" }
        generator = "ldconfig (Debian GLIBC \(libcVersion)) stable release version \(release)"
    }

    /// Adds a library that is found under its name in a directory.
    mutating func add(_ name: String, in directory: String, flags: UInt32) {
        entries.append(Entry(name: name, path: "\(directory)/\(name)", flags: flags))
    }

    /// The file: header, entries from the greatest name down, strings, and who wrote it.
    func bytes(isBigEndian: Bool) -> [UInt8] {
        // The order among equals is that in which they were added.
        let sorted = entries.enumerated().sorted { left, right in
            let order = LibraryName.compare(left.element.name, right.element.name)
            if order != 0 { return order > 0 }
            if left.element.flags != right.element.flags {
                return left.element.flags > right.element.flags
            }
            return left.offset < right.offset
        }.map(\.element)
        let strings = StringTable(sorted.flatMap { [$0.name, $0.path] })
        let stringsStart = Self.headerSize + Self.entrySize * sorted.count
        var extensionStart = stringsStart + strings.bytes.count
        extensionStart += (4 - extensionStart % 4) % 4

        var file = BinaryWriter(isBigEndian: isBigEndian)
        file.bytes += "glibc-ld.so.cache1.1".utf8
        file.append(UInt32(sorted.count))
        file.append(UInt32(strings.bytes.count))
        // cache_file_new_flags_endian: 2 is little, 3 big.
        file.bytes += [isBigEndian ? 3 : 2, 0, 0, 0]
        file.append(UInt32(extensionStart))
        for _ in 0..<3 { file.append(UInt32(0)) }
        for entry in sorted {
            file.append(entry.flags)
            file.append(UInt32(stringsStart + strings.offset(of: entry.name)))
            file.append(UInt32(stringsStart + strings.offset(of: entry.path)))
            for _ in 0..<3 { file.append(UInt32(0)) }
        }
        file.bytes += strings.bytes
        file.bytes += repeatElement(0, count: extensionStart - file.bytes.count)
        file.append(Self.extensionMagic)
        file.append(UInt32(1))
        // One section: its tag (0, the generator), flags, offset and size.
        for word in [0, 0, extensionStart + 24, generator.utf8.count] { file.append(UInt32(word)) }
        return file.bytes + generator.utf8
    }
}

/// Strings that end in a NUL, each one that another ends with being part of that.
private struct StringTable {
    private(set) var bytes: [UInt8] = []
    private var offsets: [String: Int] = [:]

    init(_ strings: [String]) {
        // Compared from their ends, the greater byte and the longer one first.
        let sorted = Set(strings).sorted { left, right in
            let (left, right) = (left.utf8.reversed(), right.utf8.reversed())
            for (one, other) in zip(left, right) where one != other { return one > other }
            return left.count > right.count
        }
        var previous = ""
        for string in sorted {
            if previous.utf8.count >= string.utf8.count,
                previous.utf8.suffix(string.utf8.count).elementsEqual(string.utf8)
            {
                offsets[string] = bytes.count - 1 - string.utf8.count
                continue
            }
            offsets[string] = bytes.count
            bytes += string.utf8 + [0]
            previous = string
        }
    }

    /// Where a string starts that the table was made of.
    func offset(of string: String) -> Int { offsets[string] ?? 0 }
}

/// Numbers in the byte order of a machine.
private struct BinaryWriter {
    let isBigEndian: Bool
    var bytes: [UInt8] = []

    init(isBigEndian: Bool) {
        self.isBigEndian = isBigEndian
    }

    mutating func append(_ number: UInt32) {
        let digits = (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        bytes += isBigEndian ? digits.reversed() : digits
    }
}
