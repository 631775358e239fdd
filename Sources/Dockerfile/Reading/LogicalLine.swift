// SPDX-License-Identifier: MIT OR Apache-2.0

/// One instruction's line, with the lines that continue it joined, as BuildKit joins them.
struct LogicalLine {
    /// Where a physical line begins in the joined text.
    struct Piece {
        let offset: Int
        let location: SourceLocation
    }

    private(set) var text: [Unicode.Scalar] = []
    private(set) var pieces: [Piece] = []
    /// The number of the last physical line.
    private(set) var lastLine: Int

    init(startingAt line: Int) {
        self.lastLine = line
    }

    var firstLine: Int { pieces.first?.location.line ?? lastLine }

    /// Adds a physical line; its column is where it stood before anything in front was cut.
    mutating func append(_ scalars: ArraySlice<Unicode.Scalar>, line: Int, column: Int) {
        let location = SourceLocation(line: line, column: column)
        pieces.append(Piece(offset: text.count, location: location))
        text.append(contentsOf: scalars)
        lastLine = line
    }

    /// Where in the file an offset in the joined text is.
    func location(at offset: Int) -> SourceLocation {
        guard let piece = pieces.last(where: { $0.offset <= offset }),
            let column = piece.location.column
        else { return SourceLocation(line: firstLine) }
        return SourceLocation(line: piece.location.line, column: column + offset - piece.offset)
    }
}
