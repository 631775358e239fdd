// SPDX-License-Identifier: MIT OR Apache-2.0

/// The fields of one package, looked up in the index's own bytes.
struct PackageParagraph {
    private let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// Where the value of a field is, with the lines that continue it.
    func range(of name: String) -> Range<Int>? {
        let base = bytes.startIndex
        let found = Self.range(of: name.utf8Span.span, in: bytes.span)
        return found.map { base + $0.lowerBound..<base + $0.upperBound }
    }

    func relations(_ field: RelationField) throws(ControlError) -> [Dependency] {
        let name = field.rawValue
        guard let range = Self.range(of: name.utf8Span.span, in: bytes.span) else { return [] }
        do throws(ControlError) {
            return try Dependency.list(bytes.span, field: name, range: range)
        } catch .malformed(let field, let offset) {
            throw .malformed(field: field, offset: bytes.startIndex + offset)
        }
    }

    private static func range(of name: Span<UInt8>, in text: Span<UInt8>) -> Range<Int>? {
        var start = 0
        while start < text.count {
            let end = FieldGrammar.firstIndex(of: UInt8(ascii: "\n"), in: text, from: start)
            let colon = start + name.count
            if colon < end, text[colon] == UInt8(ascii: ":"), text[start] == name[0],
                isEqual(text.extracting(start..<colon), name)
            {
                return trimmed(colon + 1..<continuation(of: end, in: text), text)
            }
            start = end + 1
        }
        return nil
    }

    private static func continuation(of end: Int, in text: Span<UInt8>) -> Int {
        var end = end
        while end + 1 < text.count, FieldGrammar.isBlank(text[end + 1]) {
            end = FieldGrammar.firstIndex(of: UInt8(ascii: "\n"), in: text, from: end + 1)
        }
        return min(end, text.count)
    }

    private static func isEqual(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
        for index in 0..<other.count where one[index] != other[index] { return false }
        return true
    }

    /// A range without blanks at its ends.
    static func trimmed(_ range: Range<Int>, _ text: Span<UInt8>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, FieldGrammar.isBlank(text[start]) { start += 1 }
        while end > start, FieldGrammar.isBlank(text[end - 1]) { end -= 1 }
        return start..<end
    }
}
