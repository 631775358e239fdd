// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "Parser directives".

/// What comments at the very top of a Dockerfile say of how it is read.
///
/// `syntax` names a program that would read the file in our place and `check` what it would warn
/// of; both are taken note of and mean nothing here.
struct ParserDirectives {
    /// What escapes a character and, at the end of a line, the line end.
    private(set) var escape: Unicode.Scalar = "\\"
    private var seen: Set<String> = []
    private var isOver = false

    private static let known: Set<String> = ["syntax", "escape", "check"]

    /// Takes in one physical line, blanks in front cut; after the first that is no directive,
    /// none is.
    mutating func read(
        _ line: ArraySlice<Unicode.Scalar>,
        number: Int
    ) throws(DockerfileError) {
        guard !isOver else { return }
        guard line.first == "#", let (name, value) = Self.assignment(line.dropFirst()),
            Self.known.contains(name)
        else {
            isOver = true
            return
        }
        guard seen.insert(name).inserted else {
            throw DockerfileError(.repeatedDirective(name), line: number)
        }
        guard name == "escape" else { return }
        guard value == "\\" || value == "`", let scalar = value.unicodeScalars.first else {
            throw DockerfileError(.invalidEscape(value), line: number)
        }
        escape = scalar
    }

    private static func assignment(
        _ comment: ArraySlice<Unicode.Scalar>
    ) -> (name: String, value: String)? {
        let parts = comment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let (name, value) = (parts[0].trimmed, parts[1].trimmed)
        let isWord = name.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || $0.isDecimalDigit)
        }
        guard isWord, name.first?.properties.isAlphabetic == true, !value.isEmpty else {
            return nil
        }
        return (String(scalars: name).lowercased(), String(scalars: value))
    }
}
