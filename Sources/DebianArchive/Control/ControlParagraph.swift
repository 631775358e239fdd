// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: deb822(5).

/// One paragraph of a control file: its fields in their order.
public struct ControlParagraph: Hashable, Sendable {
    /// A field as it was written.
    public struct Field: Hashable, Sendable {
        /// Its name, in the case it was written in.
        public let name: String
        /// Its value: further lines follow after line feeds, without the blank they start with.
        public let value: String
        /// Where the field starts, in bytes from the start of what was read.
        public let offset: Int
    }

    /// The fields in their order, each name once.
    public let fields: [Field]
    /// Where the paragraph starts, in bytes from the start of what was read.
    public let offset: Int

    /// The value of a field; names are compared without regard to case.
    ///
    /// - Parameter name: the field's name.
    /// - Returns: its value; `nil` where the paragraph has no such field.
    public subscript(name: String) -> String? { field(name)?.value }

    /// A field by its name, without regard to case.
    ///
    /// - Parameter name: the field's name.
    /// - Returns: the field; `nil` where the paragraph has none of that name.
    public func field(_ name: String) -> Field? {
        fields.first { $0.name.isSameFieldName(as: name) }
    }

    /// Reads all paragraphs of a control file.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - allowsComments: whether lines that start with `#` are comments.
    /// - Returns: the paragraphs in their order.
    /// - Throws: `ControlError.line`, `.duplicate`, `.malformed` where bytes are no UTF-8 or control
    ///   characters, or `.tooLarge`.
    public static func read(
        _ bytes: [UInt8],
        allowsComments: Bool
    ) throws(ControlError) -> [ControlParagraph] {
        guard bytes.count <= maximumLength else { throw .tooLarge(limit: maximumLength) }
        var reader = ControlReader(allowsComments: allowsComments)
        var offset = 0
        while offset < bytes.count {
            let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            try reader.take(bytes[offset..<end])
            offset = end + 1
        }
        try reader.endParagraph()
        return reader.paragraphs
    }

    /// A release file of the whole archive has some 150 KiB.
    private static let maximumLength = 64 << 20
}

extension String {
    fileprivate func isSameFieldName(as other: String) -> Bool {
        utf8.elementsEqual(other.utf8) { one, other in
            one == other
                || (FieldGrammar.isLetter(one) && FieldGrammar.isLetter(other)
                    && one | 0x20 == other | 0x20)
        }
    }
}

/// Puts lines together to paragraphs.
private struct ControlReader {
    let allowsComments: Bool
    private(set) var paragraphs: [ControlParagraph] = []
    private var fields: [ControlParagraph.Field] = []
    private var names: Set<String> = []
    private var current: (name: String, value: [UInt8], offset: Int)?

    init(allowsComments: Bool) { self.allowsComments = allowsComments }

    mutating func take(_ line: ArraySlice<UInt8>) throws(ControlError) {
        guard let first = line.first, !line.allSatisfy(FieldGrammar.isBlank) else {
            try endParagraph()
            return
        }
        if allowsComments, first == UInt8(ascii: "#") { return }
        if FieldGrammar.isBlank(first) {
            guard current != nil else { throw .line(offset: line.startIndex) }
            current?.value += [UInt8(ascii: "\n")] + line.dropFirst()
            return
        }
        try endField()
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
            line[..<colon].allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { throw .line(offset: line.startIndex) }
        let name = String(decoding: line[..<colon], as: UTF8.self)
        guard names.insert(name.lowercased()).inserted else {
            throw .duplicate(field: name, offset: line.startIndex)
        }
        let value = line[(colon + 1)...].drop(while: FieldGrammar.isBlank)
        current = (name, Array(value), line.startIndex)
    }

    private mutating func endField() throws(ControlError) {
        guard let (name, written, offset) = current else { return }
        current = nil
        var value = written
        while let last = value.last, FieldGrammar.isBlank(last) || last == UInt8(ascii: "\r") {
            value.removeLast()
        }
        let isPlain = value.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x0a || $0 == 0x09 }
        guard isPlain, let text = String(validating: value, as: UTF8.self) else {
            throw .malformed(field: name, offset: offset)
        }
        fields.append(ControlParagraph.Field(name: name, value: text, offset: offset))
    }

    mutating func endParagraph() throws(ControlError) {
        try endField()
        guard let first = fields.first else { return }
        paragraphs.append(ControlParagraph(fields: fields, offset: first.offset))
        fields.removeAll()
        names.removeAll()
    }
}
