// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "Format" and "Here-Documents".

/// Joins physical lines into those of instructions, and reads here-documents behind them.
struct LineReader {
    private let lines: [ArraySlice<Unicode.Scalar>]
    private var next = 0
    private(set) var directives = ParserDirectives()

    init(_ text: DockerfileText) {
        self.lines = text.lines
    }

    /// The number of the physical line that was read last.
    private var number: Int { next }

    /// The next line that has an instruction on it; `nil` after the last.
    mutating func line() throws(DockerfileError) -> LogicalLine? {
        while next < lines.count {
            let (start, isComment) = try physicalLine(isFirst: true)
            guard !isComment, !start.isEmpty else { continue }
            let line = try continued(start)
            if !line.text.trimmed.isEmpty { return line }
        }
        return nil
    }

    /// The content of a here-document that begins on the next physical line; an error points at
    /// the word that announces it.
    mutating func content(
        of heredoc: HeredocWord,
        at location: SourceLocation
    ) throws(DockerfileError) -> String {
        let name = Array(heredoc.name.unicodeScalars)
        var content: [Unicode.Scalar] = []
        while next < lines.count {
            let line = lines[next]
            next += 1
            var candidate = line.withoutLineEnd
            if heredoc.stripsTabs { candidate = candidate.drop { $0 == "\t" } }
            if candidate.elementsEqual(name) { return String(scalars: content) }
            content.append(contentsOf: line)
        }
        throw DockerfileError(.unterminatedHeredoc(heredoc.name), at: location)
    }

    /// Joins a line with those that continue it; comments and empty lines among them are skipped.
    private mutating func continued(
        _ start: ArraySlice<Unicode.Scalar>
    ) throws(DockerfileError) -> LogicalLine {
        var line = LogicalLine(startingAt: number)
        var (part, goesOn) = withoutContinuation(start)
        line.append(part, line: number, column: column(of: part))
        while goesOn, next < lines.count {
            let (physical, isComment) = try physicalLine(isFirst: false)
            guard !isComment, !physical.trimmed.isEmpty else { continue }
            (part, goesOn) = withoutContinuation(physical)
            line.append(part, line: number, column: column(of: part))
        }
        return line
    }

    private func column(of part: ArraySlice<Unicode.Scalar>) -> Int {
        part.startIndex - lines[number - 1].startIndex + 1
    }

    /// The next physical line without its end and, where a line of its own begins, without blanks
    /// in front.
    private mutating func physicalLine(
        isFirst: Bool
    ) throws(DockerfileError) -> (ArraySlice<Unicode.Scalar>, isComment: Bool) {
        let whole = lines[next].withoutLineEnd
        next += 1
        let text = isFirst ? whole.withoutLeadingBlanks : whole
        try directives.read(text, number: number)
        return (text, text.withoutLeadingBlanks.first == "#")
    }

    /// Cuts the escape at a line's end off; two in a row are no continuation.
    private func withoutContinuation(
        _ line: ArraySlice<Unicode.Scalar>
    ) -> (ArraySlice<Unicode.Scalar>, goesOn: Bool) {
        var rest = line
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        guard rest.last == directives.escape else { return (line, false) }
        rest.removeLast()
        return rest.last == directives.escape ? (line, false) : (rest, true)
    }
}
