// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Debian Policy 7.1, "Syntax of relationship fields".

/// Walks over the relations of one field without copying anything.
///
/// Lines that continue the field are part of it: line ends count as blanks.
struct RelationScanner {
    /// One relation, as places in the bytes.
    struct Item {
        var name: Range<Int>
        var qualifier: Range<Int>?
        var comparison: Relation.Comparison?
        var version: Range<Int>?
        var restrictions: Range<Int>?
        var profiles: [Range<Int>] = []
        /// Whether the next relation is an alternative to this one.
        var hasAlternative = false
    }

    private let field: String
    private let end: Int
    private(set) var position: Int

    init(field: String, range: Range<Int>) {
        self.field = field
        self.position = range.lowerBound
        self.end = range.upperBound
    }

    private var malformed: ControlError { .malformed(field: field, offset: position) }

    /// The next relation; `nil` after the last.
    mutating func next(in bytes: Span<UInt8>) throws(ControlError) -> Item? {
        skipBlanks(bytes)
        guard position < end else { return nil }
        var item = Item(name: try name(bytes))
        if position < end, bytes[position] == UInt8(ascii: ":") {
            position += 1
            item.qualifier = try architecture(bytes)
        }
        skipBlanks(bytes)
        if let range = try enclosed("(", ")", bytes) {
            (item.comparison, item.version) = try constraint(range, bytes)
        }
        item.restrictions = try enclosed("[", "]", bytes)
        while let range = try enclosed("<", ">", bytes) { item.profiles.append(range) }
        guard position < end else { return item }
        switch bytes[position] {
        case UInt8(ascii: "|"): item.hasAlternative = true
        case UInt8(ascii: ","): break
        default: throw malformed
        }
        position += 1
        skipBlanks(bytes)
        // A comma may end the field, a bar may not.
        guard position < end || !item.hasAlternative else { throw malformed }
        return item
    }

    private mutating func skipBlanks(_ bytes: Span<UInt8>) {
        while position < end,
            FieldGrammar.isBlank(bytes[position]) || bytes[position] == UInt8(ascii: "\n")
        { position += 1 }
    }

    private mutating func name(_ bytes: Span<UInt8>) throws(ControlError) -> Range<Int> {
        let start = position
        while position < end {
            switch bytes[position] {
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): break
            case let byte where FieldGrammar.isAlphanumeric(byte): break
            default:
                return try checkedName(start..<position, bytes)
            }
            position += 1
        }
        return try checkedName(start..<position, bytes)
    }

    private func checkedName(
        _ range: Range<Int>,
        _ bytes: Span<UInt8>
    ) throws(ControlError) -> Range<Int> {
        guard FieldGrammar.isPackageName(bytes.extracting(range)) else {
            throw .malformed(field: field, offset: range.lowerBound)
        }
        return range
    }

    private mutating func architecture(_ bytes: Span<UInt8>) throws(ControlError) -> Range<Int> {
        let start = position
        while position < end,
            FieldGrammar.isAlphanumeric(bytes[position]) || bytes[position] == UInt8(ascii: "-")
        { position += 1 }
        guard FieldGrammar.isArchitecture(bytes.extracting(start..<position)) else {
            throw malformed
        }
        return start..<position
    }

    /// What stands between two brackets, without blanks around it; `nil` where none opens here.
    private mutating func enclosed(
        _ open: Unicode.Scalar,
        _ close: Unicode.Scalar,
        _ bytes: Span<UInt8>
    ) throws(ControlError) -> Range<Int>? {
        guard position < end, bytes[position] == UInt8(ascii: open) else { return nil }
        position += 1
        skipBlanks(bytes)
        let start = position
        while position < end, bytes[position] != UInt8(ascii: close) { position += 1 }
        guard position < end else { throw malformed }
        var last = position
        while last > start, FieldGrammar.isBlank(bytes[last - 1]) { last -= 1 }
        guard last > start else { throw malformed }
        position += 1
        skipBlanks(bytes)
        return start..<last
    }

    private func constraint(
        _ range: Range<Int>,
        _ bytes: Span<UInt8>
    ) throws(ControlError) -> (Relation.Comparison, Range<Int>) {
        var start = range.lowerBound
        while start < range.upperBound, "<=>".utf8.contains(bytes[start]) { start += 1 }
        let comparison: Relation.Comparison
        switch bytes.extracting(range.lowerBound..<start) {
        case let text where FieldGrammar.equals(text, "<<"): comparison = .older
        // deb-control(5): the single signs are obsolete and include equality.
        case let text where FieldGrammar.equals(text, "<="): comparison = .atMost
        case let text where FieldGrammar.equals(text, "<"): comparison = .atMost
        case let text where FieldGrammar.equals(text, "="): comparison = .equal
        case let text where FieldGrammar.equals(text, ">="): comparison = .atLeast
        case let text where FieldGrammar.equals(text, ">"): comparison = .atLeast
        case let text where FieldGrammar.equals(text, ">>"): comparison = .newer
        default: throw .malformed(field: field, offset: range.lowerBound)
        }
        while start < range.upperBound, FieldGrammar.isBlank(bytes[start]) { start += 1 }
        guard FieldGrammar.isVersion(bytes.extracting(start..<range.upperBound)) else {
            throw .malformed(field: field, offset: start)
        }
        return (comparison, start..<range.upperBound)
    }
}
