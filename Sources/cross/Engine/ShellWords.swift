// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: POSIX.1-2017, Shell Command Language, 2.2 "Quoting".

/// A line told apart into words as a shell does, with nothing expanded.
enum ShellWords {
    /// The words; `nil` where a quotation mark has no partner.
    static func split(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var rest = line[...]
        while let character = rest.popFirst() {
            switch character {
            case "'":
                guard let end = rest.firstIndex(of: "'") else { return nil }
                word = (word ?? "") + rest[..<end]
                rest = rest[rest.index(after: end)...]
            case "\"":
                guard let inside = doubleQuoted(&rest) else { return nil }
                word = (word ?? "") + inside
            case "\\":
                guard let next = rest.popFirst() else { return nil }
                if next != "\n" { word = (word ?? "") + String(next) }
            case let space where space.isWhitespace:
                if let word { words.append(word) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }

    /// Reads up to the closing mark.
    private static func doubleQuoted(_ rest: inout Substring) -> String? {
        var inside = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return inside
            case "\\":
                guard let next = rest.popFirst() else { return nil }
                if !"$`\"\\".contains(next) { inside.append(character) }
                inside.append(next)
            default: inside.append(character)
            }
        }
        return nil
    }
}
