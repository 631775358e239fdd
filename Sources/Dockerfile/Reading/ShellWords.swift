// SPDX-License-Identifier: MIT OR Apache-2.0

/// Splits at blanks as a shell does, leaving quotes and escapes where they are.
enum ShellWords {
    /// The words of a shell's line, for finding here-documents in it.
    ///
    /// Blanks between `<<` and the word behind it do not split.
    static func split(_ line: ArraySlice<Unicode.Scalar>) -> [ArraySlice<Unicode.Scalar>] {
        var words = WordSplitter(line, escape: "\\")
        words.joinsHeredocs = true
        return words.all()
    }

    /// The words of an instruction such as `ENV`.
    static func split(
        _ line: ArraySlice<Unicode.Scalar>,
        escape: Unicode.Scalar
    ) -> [ArraySlice<Unicode.Scalar>] {
        WordSplitter(line, escape: escape).all()
    }

    /// The words of an instruction that knows no quotes, such as `EXPOSE` and `COPY`.
    static func splitPlainly(
        _ line: ArraySlice<Unicode.Scalar>
    ) -> [ArraySlice<Unicode.Scalar>] {
        line.split(omittingEmptySubsequences: true, whereSeparator: \.isSeparator)
    }
}

extension Unicode.Scalar {
    /// The blanks that separate an instruction from its arguments, and those from each other.
    var isSeparator: Bool { self == " " || ("\t"..."\r").contains(self) && self != "\n" }
}

/// Walks over a line once, knowing whether it is in quotes.
private struct WordSplitter {
    private let line: ArraySlice<Unicode.Scalar>
    private let escape: Unicode.Scalar
    var joinsHeredocs = false

    init(_ line: ArraySlice<Unicode.Scalar>, escape: Unicode.Scalar) {
        self.line = line
        self.escape = escape
    }

    func all() -> [ArraySlice<Unicode.Scalar>] {
        var words: [ArraySlice<Unicode.Scalar>] = []
        var index = line.startIndex
        while index < line.endIndex {
            let end = endOfWord(from: index)
            if end > index { words.append(line[index..<end]) }
            index = end + 1
        }
        return words
    }

    private func endOfWord(from start: Int) -> Int {
        var quote: Unicode.Scalar?
        var index = start
        while index < line.endIndex {
            let scalar = line[index]
            if quote == nil, scalar.isBlank { return index }
            if scalar == quote {
                quote = nil
            } else if quote == nil, scalar == "'" || scalar == "\"" {
                quote = scalar
            } else if scalar == escape, quote != "'" {
                index += 1
            } else if joinsHeredocs, quote == nil, line[index...].starts(with: ["<", "<"]) {
                index = blanks(after: index + 1)
            }
            index += 1
        }
        return line.endIndex
    }

    /// The last of the blanks that follow, or the place itself.
    private func blanks(after index: Int) -> Int {
        var last = index
        while last + 1 < line.endIndex, line[last + 1].isBlank { last += 1 }
        return last
    }
}
