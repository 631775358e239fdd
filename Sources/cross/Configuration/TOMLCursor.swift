// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: TOML v1.0.0, "String", "Keys".

/// A place in the text of a TOML document.
struct TOMLCursor {
    private let bytes: [UInt8]
    private var index = 0
    private(set) var position = TOMLPosition(line: 1, column: 1)

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The byte here; `nil` at the end.
    var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }

    /// Whether a number, a date or a boolean ends before it.
    static func endsValue(_ byte: UInt8) -> Bool { ",]}#\n".utf8.contains(byte) }

    mutating func advance() {
        guard let byte = current else { return }
        index += 1
        if byte == UInt8(ascii: "\n") {
            position = TOMLPosition(line: position.line + 1, column: 1)
        } else if current.map({ $0 & 0xC0 != 0x80 }) ?? true {
            position = TOMLPosition(line: position.line, column: position.column + 1)
        }
    }

    /// Steps over bytes of a kind.
    ///
    /// - Returns: whether anything follows.
    @discardableResult
    mutating func skip(while isSkipped: (UInt8) -> Bool) -> Bool {
        while let byte = current, isSkipped(byte) { advance() }
        return current != nil
    }

    mutating func skipLine() {
        skip(while: { $0 != UInt8(ascii: "\n") })
    }

    /// Steps over one part of a key, bare or quoted, and returns it.
    mutating func keyPart() -> String {
        let start = index
        guard let quote = current, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            skip(while: { !Self.isBlank($0) && !".=]\n".utf8.contains($0) })
            return String(decoding: bytes[start..<index], as: UTF8.self)
        }
        skipString()
        let inside = bytes[min(start + 1, index)..<max(start + 1, index - 1)]
        return String(decoding: inside, as: UTF8.self)
    }

    /// Steps over a string in one or three quotation marks, basic or literal.
    mutating func skipString() {
        guard let quote = current else { return }
        let isLong = bytes[index...].prefix(3).elementsEqual([quote, quote, quote])
        let marks = isLong ? 3 : 1
        for _ in 0..<marks { advance() }
        while current != nil, !bytes[index...].prefix(marks).allSatisfy({ $0 == quote }) {
            if current == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") { advance() }
            advance()
        }
        // A long string may end with up to two quotation marks of its own.
        for _ in 0..<(isLong ? 5 : 1) where current == quote { advance() }
    }
}
