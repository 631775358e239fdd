// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".

/// Tells the contents of files from all that is around them in a tar archive that passes by.
///
/// It decides nothing: libarchive reads the same bytes, and what it makes of them counts. What is not
/// quite ordinary (sparse files, contents of links, types of other dialects) ends the scan.
struct TarScanner {
    /// What passes by.
    @unsafe
    enum Part {
        /// Headers, padding, the archive's end.
        case around(UnsafeRawBufferPointer)
        /// The content of a file begins, of so many bytes, which are not shown.
        case content(Int64)
    }

    private enum State {
        case header
        /// Records for the entry that follows; so many bytes with their padding are still to come.
        case records(size: Int, left: Int)
        case around(Int64)
        case content(Int64, padding: Int64)
        case end
        case strange
    }

    private static let blockSize = 512
    /// What pax records may have; a name and a link have 8 KiB.
    private static let maximumRecords = 1 << 20

    private var state = State.header
    private var collected: [UInt8] = []
    /// What records say of the next entry's size.
    private var announced: Int64?

    /// Looks at the next bytes.
    ///
    /// - Returns: false where the archive is none that this can tell apart.
    /// - Throws: what `take` throws.
    mutating func scan(
        _ bytes: UnsafeRawBufferPointer,
        _ take: (Part) throws(LayerError) -> Void
    ) throws(LayerError) -> Bool {
        var position = 0
        while position < bytes.count {
            let available = bytes.count - position
            switch state {
            case .header:
                let count = min(Self.blockSize - collected.count, available)
                let piece = unsafe Self.piece(of: bytes, position, count)
                unsafe collected.append(contentsOf: piece)
                try unsafe take(.around(piece))
                position += count
                guard collected.count == Self.blockSize else { break }
                readHeader()
                if case .content(let size, _) = state { try unsafe take(.content(size)) }
            case .records(let size, let left):
                let count = min(left, available)
                let piece = unsafe Self.piece(of: bytes, position, count)
                unsafe collected.append(contentsOf: piece)
                try unsafe take(.around(piece))
                position += count
                state = .records(size: size, left: left - count)
                if count == left { readRecords(collected.prefix(size)) }
            case .around(let left):
                let count = Int(min(left, Int64(available)))
                try unsafe take(.around(Self.piece(of: bytes, position, count)))
                position += count
                state = left == Int64(count) ? .header : .around(left - Int64(count))
            case .content(let left, let padding):
                let count = Int(min(left, Int64(available)))
                position += count
                state =
                    left > Int64(count)
                    ? .content(left - Int64(count), padding: padding)
                    : padding > 0 ? .around(padding) : .header
            case .end:
                try unsafe take(.around(Self.piece(of: bytes, position, available)))
                position += available
            case .strange: return false
            }
        }
        if case .strange = state { return false }
        return true
    }

    private static func piece(
        of bytes: UnsafeRawBufferPointer,
        _ start: Int,
        _ count: Int
    ) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)])
    }

    private mutating func readHeader() {
        let header = collected
        collected = []
        guard header.contains(where: { $0 != 0 }) else {
            state = .end
            return
        }
        guard let written = Self.number(header[124..<136]) else {
            state = .strange
            return
        }
        let padded = (written + 511) / 512 * 512
        switch header[156] {
        case UInt8(ascii: "x"), UInt8(ascii: "g"):
            guard written <= Self.maximumRecords, written > 0 else { return state = .strange }
            state = .records(size: Int(written), left: Int(padded))
        // Long names, as GNU's tar has them.
        case UInt8(ascii: "L"), UInt8(ascii: "K"): state = padded > 0 ? .around(padded) : .header
        case UInt8(ascii: "0"), 0, UInt8(ascii: "7"):
            let size = announced ?? written
            announced = nil
            state = size > 0 ? .content(size, padding: (512 - size % 512) % 512) : .header
        case UInt8(ascii: "1")...UInt8(ascii: "6"):
            state = (announced ?? written) == 0 ? .header : .strange
            announced = nil
        default: state = .strange
        }
    }

    private mutating func readRecords(_ records: ArraySlice<UInt8>) {
        defer { collected = [] }
        state = .header
        var rest = records
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")),
                let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
                length > space - rest.startIndex + 1, length <= rest.count
            else { return state = .strange }
            let record = rest[(space + 1)..<(rest.startIndex + length)]
            rest = rest.dropFirst(length)
            if record.starts(with: "GNU.sparse".utf8) { return state = .strange }
            guard record.starts(with: "size=".utf8) else { continue }
            let text = String(decoding: record.dropFirst(5).dropLast(), as: UTF8.self)
            guard let size = Int64(text), size >= 0 else { return state = .strange }
            announced = size
        }
    }

    /// Octal digits, or GNU's binary form where they are too few; `nil` for anything else.
    private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        guard let first = field.first else { return nil }
        if first == 0x80 {
            let digits = field.dropFirst().drop { $0 == 0 }
            guard digits.count < 8 else { return nil }
            return digits.reduce(0) { $0 << 8 | Int64($1) }
        }
        let digits = field.drop { $0 == UInt8(ascii: " ") }
            .prefix { $0 != 0 && $0 != UInt8(ascii: " ") }
        guard digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 << 3 | Int64($1 & 7) }
    }
}
