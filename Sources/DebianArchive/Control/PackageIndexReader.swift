// SPDX-License-Identifier: MIT OR Apache-2.0

/// Goes through an index once, line by line, and checks what it keeps.
struct PackageIndexReader {
    /// The fields that every package has and that are checked.
    private struct Seen: OptionSet {
        let rawValue: UInt16
        static let package = Seen(rawValue: 1 << 0)
        static let version = Seen(rawValue: 1 << 1)
        static let architecture = Seen(rawValue: 1 << 2)
        static let filename = Seen(rawValue: 1 << 3)
        static let size = Seen(rawValue: 1 << 4)
        static let sha256 = Seen(rawValue: 1 << 5)
        static let multiArch = Seen(rawValue: 1 << 6)
        static let priority = Seen(rawValue: 1 << 7)
        static let essential = Seen(rawValue: 1 << 8)
        static let provides = Seen(rawValue: 1 << 9)
        static let required: Seen = [.package, .version, .architecture, .filename, .size, .sha256]
    }

    private(set) var entries: [PackageIndex.Entry] = []
    private var entry = PackageIndex.Entry(paragraph: PackageIndex.Slice())
    private var seen: Seen = []
    private var start: Int?
    private var isInProvides = false

    init(expecting count: Int) { entries.reserveCapacity(count) }

    mutating func read(_ text: Span<UInt8>) throws(ControlError) {
        var position = 0
        while position < text.count {
            let end = FieldGrammar.firstIndex(of: UInt8(ascii: "\n"), in: text, from: position)
            if end == position {
                try endParagraph(at: position)
            } else {
                try line(position..<end, text)
            }
            position = end + 1
        }
        try endParagraph(at: text.count)
    }

    private mutating func line(_ line: Range<Int>, _ text: Span<UInt8>) throws(ControlError) {
        if FieldGrammar.isBlank(text[line.lowerBound]) {
            guard start != nil else { throw .line(offset: line.lowerBound) }
            if isInProvides {
                let start = entry.provides.range.lowerBound
                entry.provides = PackageIndex.Slice(start..<line.upperBound)
            }
            return
        }
        let colon = FieldGrammar.firstIndex(of: UInt8(ascii: ":"), in: text, from: line.lowerBound)
        guard colon < line.upperBound, colon > line.lowerBound else {
            throw .line(offset: line.lowerBound)
        }
        start = start ?? line.lowerBound
        isInProvides = false
        let name = text.extracting(line.lowerBound..<colon)
        switch name[0] {
        case UInt8(ascii: "P"), UInt8(ascii: "V"), UInt8(ascii: "A"), UInt8(ascii: "F"),
            UInt8(ascii: "S"):
            try placed(name, colon + 1..<line.upperBound, text)
        case UInt8(ascii: "M"), UInt8(ascii: "E"), UInt8(ascii: "I"):
            try flag(name, colon + 1..<line.upperBound, text)
        default: break
        }
    }

    /// The fields with a grammar of their own.
    private mutating func placed(
        _ name: Span<UInt8>,
        _ value: Range<Int>,
        _ text: Span<UInt8>
    ) throws(ControlError) {
        let range = PackageParagraph.trimmed(value, text)
        let value = text.extracting(range)
        switch name.count {
        case 7 where FieldGrammar.equals(name, "Package"):
            try see(.package, "Package", range, FieldGrammar.isPackageName(value))
            entry.name = PackageIndex.Slice(range)
        case 7 where FieldGrammar.equals(name, "Version"):
            try see(.version, "Version", range, FieldGrammar.isVersion(value))
            entry.version = PackageIndex.Slice(range)
        case 12 where FieldGrammar.equals(name, "Architecture"):
            try see(.architecture, "Architecture", range, FieldGrammar.isArchitecture(value))
            entry.architecture = PackageIndex.Slice(range)
        case 8 where FieldGrammar.equals(name, "Filename"):
            try see(.filename, "Filename", range, FieldGrammar.isPoolPath(value))
        case 4 where FieldGrammar.equals(name, "Size"):
            try see(.size, "Size", range, FieldGrammar.size(value) != nil)
        case 6 where FieldGrammar.equals(name, "SHA256"):
            try see(.sha256, "SHA256", range, FieldGrammar.isSHA256(value))
        case 8 where FieldGrammar.equals(name, "Provides"):
            try see(.provides, "Provides", range, true)
            entry.provides = PackageIndex.Slice(range)
            isInProvides = true
        default: try flag(name, range, text)
        }
    }

    /// The fields that are one of a few words.
    private mutating func flag(
        _ name: Span<UInt8>,
        _ value: Range<Int>,
        _ text: Span<UInt8>
    ) throws(ControlError) {
        switch name.count {
        case 8 where FieldGrammar.equals(name, "Priority"):
            let range = PackageParagraph.trimmed(value, text)
            try see(.priority, "Priority", range, true)
            // An unknown one counts as the lowest, as in apt.
            entry.priority = Self.priority(text.extracting(range)) ?? .extra
        case 10 where FieldGrammar.equals(name, "Multi-Arch"):
            let range = PackageParagraph.trimmed(value, text)
            let multiArch = MultiArch(rawValue: text.extracting(range).text)
            try see(.multiArch, "Multi-Arch", range, multiArch != nil)
            entry.multiArch = multiArch ?? .no
        case 9 where FieldGrammar.equals(name, "Essential"):
            let range = PackageParagraph.trimmed(value, text)
            let isYes = Self.isYes(text.extracting(range))
            try see(.essential, "Essential", range, isYes != nil)
            entry.isEssential = isYes ?? false
        case 9
        where FieldGrammar.equals(name, "Protected") || FieldGrammar.equals(name, "Important"):
            let range = PackageParagraph.trimmed(value, text)
            guard let isYes = Self.isYes(text.extracting(range)) else {
                throw .malformed(field: name.text, offset: range.lowerBound)
            }
            entry.isProtected = entry.isProtected || isYes
        default: break
        }
    }

    private mutating func see(
        _ field: Seen,
        _ name: StaticString,
        _ range: Range<Int>,
        _ isValid: Bool
    ) throws(ControlError) {
        guard isValid else {
            throw .malformed(field: name.description, offset: range.lowerBound)
        }
        guard seen.insert(field).inserted else {
            throw .duplicate(field: name.description, offset: range.lowerBound)
        }
    }

    private mutating func endParagraph(at end: Int) throws(ControlError) {
        guard let start else { return }
        guard seen.isSuperset(of: .required) else {
            throw .missing(field: Self.firstMissing(seen), offset: start)
        }
        entry.paragraph = PackageIndex.Slice(start..<end)
        entries.append(entry)
        entry = PackageIndex.Entry(paragraph: PackageIndex.Slice())
        seen = []
        isInProvides = false
        self.start = nil
    }

    private static func firstMissing(_ seen: Seen) -> String {
        let required: [(Seen, String)] = [
            (.package, "Package"), (.version, "Version"), (.architecture, "Architecture"),
            (.filename, "Filename"), (.size, "Size"),
        ]
        return required.first { !seen.contains($0.0) }?.1 ?? "SHA256"
    }

    private static func isYes(_ value: Span<UInt8>) -> Bool? {
        if FieldGrammar.equals(value, "yes") { return true }
        return FieldGrammar.equals(value, "no") ? false : nil
    }

    private static func priority(_ value: Span<UInt8>) -> PackagePriority? {
        if FieldGrammar.equals(value, "optional") { return .optional }
        if FieldGrammar.equals(value, "required") { return .required }
        if FieldGrammar.equals(value, "important") { return .important }
        if FieldGrammar.equals(value, "standard") { return .standard }
        return nil
    }
}
