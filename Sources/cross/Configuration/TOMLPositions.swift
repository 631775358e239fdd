// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: TOML v1.0.0, "Keys", "Table", "Inline Table".

/// Where the keys of a TOML document stand, which its values no longer tell.
///
/// The document must be one that the parser has accepted: only its keys are looked at here, and
/// what lies between them is stepped over.
struct TOMLPositions {
    private var positions: [[String]: TOMLPosition] = [:]
    private var cursor: TOMLCursor
    /// The keys of the last header.
    private var table: [String] = []

    /// Reads a document.
    init(_ text: String) {
        cursor = TOMLCursor(text)
        while cursor.skip(while: { TOMLCursor.isBlank($0) || $0 == UInt8(ascii: "\n") }) {
            switch cursor.current {
            case UInt8(ascii: "#"): cursor.skipLine()
            case UInt8(ascii: "["):
                cursor.skip(while: { $0 == UInt8(ascii: "[") })
                table = key(in: [])
                cursor.skipLine()
            default: entry(in: table)
            }
        }
    }

    /// Where a key was first written.
    ///
    /// - Parameter path: the keys that lead to it, and it.
    /// - Returns: `nil` where it never was.
    func position(of path: [String]) -> TOMLPosition? { positions[path] }

    /// Steps over `key = value`.
    private mutating func entry(in table: [String]) {
        let path = key(in: table)
        guard cursor.current == UInt8(ascii: "=") else { return cursor.skipLine() }
        cursor.advance()
        value(at: path)
    }

    /// Steps over a key with its dots, and notes where each part stands.
    private mutating func key(in table: [String]) -> [String] {
        var path = table
        repeat {
            cursor.skip(while: { TOMLCursor.isBlank($0) || $0 == UInt8(ascii: ".") })
            let position = cursor.position
            path.append(cursor.keyPart())
            if positions[path] == nil { positions[path] = position }
            cursor.skip(while: TOMLCursor.isBlank)
        } while cursor.current == UInt8(ascii: ".")
        return path
    }

    private mutating func value(at path: [String]) {
        cursor.skip(while: TOMLCursor.isBlank)
        switch cursor.current {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): cursor.skipString()
        case UInt8(ascii: "["): list(endingWith: UInt8(ascii: "]")) { $0.value(at: path) }
        case UInt8(ascii: "{"): list(endingWith: UInt8(ascii: "}")) { $0.entry(in: path) }
        default: cursor.skip(while: { !TOMLCursor.endsValue($0) })
        }
    }

    private mutating func list(
        endingWith end: UInt8,
        _ element: (inout TOMLPositions) -> Void
    ) {
        cursor.advance()
        while let byte = cursor.current {
            switch byte {
            case end: return cursor.advance()
            case UInt8(ascii: "#"): cursor.skipLine()
            case UInt8(ascii: ","), UInt8(ascii: "\n"): cursor.advance()
            case let blank where TOMLCursor.isBlank(blank): cursor.advance()
            default:
                let before = cursor.position
                element(&self)
                if cursor.position == before { cursor.advance() }
            }
        }
    }
}

/// A line and a column of a text, from 1; columns are code points.
struct TOMLPosition: Equatable, Comparable {
    let line: Int
    let column: Int

    static func < (left: TOMLPosition, right: TOMLPosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
