// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: elf(5).

import Glibc
import OCIStore

/// What the dynamic linker must know of a shared library before it loads it.
struct SharedLibrary: Hashable {
    /// `e_machine`.
    let machine: UInt16
    let is64Bit: Bool
    /// `e_flags`.
    let flags: UInt32
    /// `DT_SONAME`, where there is one that can be a file name.
    let soname: String?

    /// Reads a file; `nil` where it is no shared library that can be read.
    ///
    /// Nothing in it is trusted: what lies outside the file, or is larger than that of any library,
    /// makes it none.
    init?(reading file: borrowing OwnedDescriptor) throws(StoreError) {
        let start = try file.read(at: 0, count: 64)
        guard start.count >= 52, start.starts(with: [0x7F, 0x45, 0x4C, 0x46]),
            [1, 2].contains(start[4]), [1, 2].contains(start[5])
        else { return nil }
        let layout = ElfLayout(is64Bit: start[4] == 2, isBigEndian: start[5] == 2)
        guard start.count >= layout.headerSize else { return nil }
        // e_type ET_DYN.
        guard layout.number(start, at: 16, 2) == 3 else { return nil }
        is64Bit = layout.is64Bit
        machine = UInt16(layout.number(start, at: 18, 2))
        flags = UInt32(layout.number(start, at: layout.is64Bit ? 48 : 36, 4))
        let segments = try layout.segments(of: file, header: start)
        // PT_DYNAMIC.
        guard let dynamic = segments.first(where: { $0.type == 2 }) else { return nil }
        soname = try layout.soname(of: file, dynamic, segments)
    }
}

/// Where the fields of an ELF file are, by its class and byte order.
private struct ElfLayout {
    struct Segment {
        let type: UInt64
        let offset: UInt64
        let address: UInt64
        let size: UInt64
    }

    let is64Bit: Bool
    let isBigEndian: Bool

    var headerSize: Int { is64Bit ? 64 : 52 }
    private var word: Int { is64Bit ? 8 : 4 }

    /// A number of that many bytes; all ones where it is outside.
    func number(_ bytes: [UInt8], at offset: Int, _ count: Int) -> UInt64 {
        guard offset >= 0, offset + count <= bytes.count else { return .max }
        let field = bytes[offset..<offset + count]
        return isBigEndian
            ? field.reduce(0) { $0 << 8 | UInt64($1) }
            : field.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    func segments(
        of file: borrowing OwnedDescriptor,
        header: [UInt8]
    ) throws(StoreError) -> [Segment] {
        let offset = number(header, at: is64Bit ? 32 : 28, word)
        let size = Int(number(header, at: is64Bit ? 54 : 42, 2))
        let count = Int(number(header, at: is64Bit ? 56 : 44, 2))
        guard size >= (is64Bit ? 56 : 32), size <= 256, count <= 256 else { return [] }
        let table = try file.read(at: offset, count: size * count)
        return (0..<table.count / size).map { index in
            let start = index * size
            return Segment(
                type: number(table, at: start, 4),
                offset: number(table, at: start + (is64Bit ? 8 : 4), word),
                address: number(table, at: start + (is64Bit ? 16 : 8), word),
                size: number(table, at: start + (is64Bit ? 32 : 16), word)
            )
        }
    }

    func soname(
        of file: borrowing OwnedDescriptor,
        _ dynamic: Segment,
        _ segments: [Segment]
    ) throws(StoreError) -> String? {
        let table = try file.read(at: dynamic.offset, count: Int(min(dynamic.size, 64 * 1024)))
        var (strings, name): (UInt64?, UInt64?)
        for start in stride(from: 0, through: table.count - 2 * word, by: 2 * word) {
            let value = number(table, at: start + word, word)
            switch number(table, at: start, word) {
            // DT_STRTAB and DT_SONAME; DT_NULL ends the table.
            case 5: strings = value
            case 14: name = value
            case 0: return try string(of: file, strings, name, segments)
            default: break
            }
        }
        return try string(of: file, strings, name, segments)
    }

    private func string(
        of file: borrowing OwnedDescriptor,
        _ strings: UInt64?,
        _ name: UInt64?,
        _ segments: [Segment]
    ) throws(StoreError) -> String? {
        // PT_LOAD: addresses become offsets in the file.
        guard let strings, let name,
            let segment = segments.first(where: {
                $0.type == 1 && strings >= $0.address && strings - $0.address < $0.size
            })
        else { return nil }
        let (base, overflow) = segment.offset.addingReportingOverflow(strings - segment.address)
        let (offset, again) = base.addingReportingOverflow(name)
        guard !overflow, !again else { return nil }
        let bytes = try file.read(at: offset, count: 256).prefix { $0 != 0 }
        let isName = bytes.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") }
        guard isName, !bytes.isEmpty, bytes.count < 256, bytes.first != UInt8(ascii: ".") else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension OwnedDescriptor {
    /// Reads at a place; fewer bytes than asked for where the file ends before.
    fileprivate borrowing func read(at offset: UInt64, count: Int) throws(StoreError) -> [UInt8] {
        guard let offset = Int(exactly: offset) else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        let (raw, path) = (raw, path)
        let got = try unsafe bytes.withUnsafeMutableBufferPointer { buffer throws(StoreError) in
            try systemCall("pread", path) {
                unsafe pread(raw, buffer.baseAddress, buffer.count, offset)
            }
        }
        return Array(bytes.prefix(got))
    }
}
