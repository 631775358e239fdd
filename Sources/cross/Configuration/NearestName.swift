// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the optimal string alignment distance.

/// The name that somebody meant who wrote another.
enum NearestName {
    /// Finds it.
    ///
    /// - Parameters:
    ///   - word: as it was written.
    ///   - names: what there is.
    ///   - limit: how far it may be away, in bytes; a third of the word unless said otherwise.
    /// - Returns: the nearest name; `nil` where every one is farther away.
    static func of(_ word: String, among names: [String], within limit: Int? = nil) -> String? {
        let limit = limit ?? word.utf8.count / 3
        let nearest = names.map { (name: $0, distance: distance(word, $0)) }
            .min { $0.distance < $1.distance }
        guard let nearest, nearest.distance <= limit else { return nil }
        return nearest.name
    }

    /// How many bytes are to be added, left out, replaced, or swapped with their neighbours.
    private static func distance(_ one: String, _ other: String) -> Int {
        let (one, other) = (Array(one.utf8), Array(other.utf8))
        var rows = [Array(0...other.count)]
        for (index, byte) in one.enumerated() {
            var row = [index + 1]
            for (column, letter) in other.enumerated() {
                let replaced = rows[index][column] + (byte == letter ? 0 : 1)
                var least = min(replaced, rows[index][column + 1] + 1, row[column] + 1)
                if index > 0, column > 0, byte == other[column - 1], one[index - 1] == letter {
                    least = min(least, rows[index - 1][column - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[one.count][other.count]
    }
}
