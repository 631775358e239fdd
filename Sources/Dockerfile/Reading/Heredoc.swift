// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "Here-Documents"; POSIX 2.7.4.

/// Text that stands behind an instruction, up to a line of its own choosing.
public struct Heredoc: Hashable, Sendable {
    /// The line that ends it, quotes removed; in COPY and ADD also the file's name.
    public let name: String
    /// Whether variables in it are expanded: where nothing of the name was quoted.
    public let expands: Bool
    /// Whether `<<-` asked to cut tabs at the beginning of its lines.
    public let stripsTabs: Bool
    /// The lines with their ends, tabs still there.
    public let content: String

    /// The content without the tabs that `<<-` cuts.
    public var text: String {
        guard stripsTabs else { return content }
        var result: [Unicode.Scalar] = []
        var isAtStart = true
        for scalar in content.unicodeScalars where !(isAtStart && scalar == "\t") {
            isAtStart = scalar == "\n"
            result.append(scalar)
        }
        return String(scalars: result)
    }
}

/// The word that announces a here-document: `<<EOF`, `<<-EOF`, `3<<"EOF"`.
struct HeredocWord {
    let name: String
    let expands: Bool
    let stripsTabs: Bool

    /// Reads a whole word; `nil` where it is none.
    ///
    /// - Parameter word: with its quotes and escapes.
    init?(_ word: some Collection<Unicode.Scalar>) {
        var rest = Array(word)[...].drop(while: \.isDecimalDigit)
        guard rest.starts(with: ["<", "<"]) else { return nil }
        rest = rest.dropFirst(2)
        self.stripsTabs = rest.first == "-"
        if stripsTabs { rest = rest.dropFirst() }
        rest = rest.withoutLeadingBlanks
        guard !rest.isEmpty, !rest.contains("<"), let name = Self.unquoted(rest) else { return nil }
        self.name = name.text
        self.expands = !name.isQuoted
    }

    /// The announcements on an instruction's line, from left to right, with their offsets.
    static func all(on line: [Unicode.Scalar]) -> [(word: HeredocWord, offset: Int)] {
        ShellWords.split(line[...]).compactMap { slice in
            HeredocWord(slice).map { ($0, slice.startIndex) }
        }
    }

    /// Removes quotes and escapes; `nil` where that leaves no word, or more than one.
    private static func unquoted(
        _ raw: ArraySlice<Unicode.Scalar>
    ) -> (text: String, isQuoted: Bool)? {
        var text: [Unicode.Scalar] = []
        var (quote, isQuoted): (Unicode.Scalar?, Bool) = (nil, false)
        var index = raw.startIndex
        while index < raw.endIndex {
            let scalar = raw[index]
            index += 1
            if scalar == quote {
                quote = nil
            } else if quote == nil, scalar == "'" || scalar == "\"" {
                (quote, isQuoted) = (scalar, true)
            } else if scalar == "\\", quote == nil, index < raw.endIndex {
                text.append(raw[index])
                index += 1
            } else if quote == nil, scalar.isBlank {
                // Only blanks may follow.
                guard raw[index...].allSatisfy(\.isBlank) else { return nil }
            } else {
                text.append(scalar)
            }
        }
        return quote == nil && !text.isEmpty ? (String(scalars: text), isQuoted) : nil
    }
}
