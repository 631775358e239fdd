// SPDX-License-Identifier: MIT OR Apache-2.0

/// A Dockerfile's text, split into its lines; nothing in it has a meaning yet.
///
/// Everything from here on looks at Unicode scalars: `Character` would hide a quote or a slash
/// that a combining mark follows.
struct DockerfileText {
    /// Larger files are refused: no one writes them, and some steps take time that grows faster.
    static let maximumSize = 1 << 20

    /// The lines with their ends, the byte order mark left out.
    let lines: [ArraySlice<Unicode.Scalar>]

    init(_ bytes: [UInt8]) throws(DockerfileError) {
        guard bytes.count <= Self.maximumSize else {
            throw DockerfileError(.tooLarge(limit: Self.maximumSize), line: 1)
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let content = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
        guard let text = String(validating: content, as: UTF8.self) else {
            throw DockerfileError(.notUTF8, line: Self.firstInvalidLine(content))
        }
        let scalars = Array(text.unicodeScalars)
        var lines: [ArraySlice<Unicode.Scalar>] = []
        var start = 0
        while start < scalars.count {
            let end = scalars[start...].firstIndex(of: "\n").map { $0 + 1 } ?? scalars.count
            lines.append(scalars[start..<end])
            start = end
        }
        self.lines = lines
    }

    private static func firstInvalidLine(_ bytes: ArraySlice<UInt8>) -> Int {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let index = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
        return (index ?? 0) + 1
    }
}

extension String {
    /// The text of some scalars.
    init(scalars: some Sequence<Unicode.Scalar>) {
        var view = UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}

extension Unicode.Scalar {
    /// Whether words end here.
    var isBlank: Bool { properties.isWhitespace }

    /// Whether it is one of `0` to `9`.
    var isDecimalDigit: Bool { ("0"..."9").contains(self) }
}

extension Collection<Unicode.Scalar> where SubSequence == ArraySlice<Unicode.Scalar> {
    /// Without blanks at the beginning.
    var withoutLeadingBlanks: ArraySlice<Unicode.Scalar> { drop(while: \.isBlank) }

    /// Without blanks at both ends.
    var trimmed: ArraySlice<Unicode.Scalar> {
        var rest = withoutLeadingBlanks
        while rest.last?.isBlank == true { rest.removeLast() }
        return rest
    }

    /// Without carriage returns and line feeds at the end.
    var withoutLineEnd: ArraySlice<Unicode.Scalar> {
        var rest = self[...]
        while rest.last == "\n" || rest.last == "\r" { rest.removeLast() }
        return rest
    }
}
