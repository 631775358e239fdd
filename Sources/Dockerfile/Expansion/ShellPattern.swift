// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: POSIX 2.13.1, without bracket expressions, which BuildKit leaves out.

/// A pattern of `${NAME#pattern}` and its kin: `?` for any scalar, `*` for any number of them.
struct ShellPattern {
    private enum Element {
        case literal(Unicode.Scalar)
        case any
        case many
    }

    private let elements: [Element]

    /// Reads a pattern; a backslash takes its meaning from `*`, `?`, `\`, `/` and `}`.
    init(_ text: ArraySlice<Unicode.Scalar>) throws(ExpansionFault) {
        var elements: [Element] = []
        var rest = text
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*": elements.append(.many)
            case "?": elements.append(.any)
            case "\\":
                guard let escaped = rest.popFirst(), ["*", "?", "\\", "/", "}"].contains(escaped)
                else { throw .badPattern(String(scalars: text)) }
                elements.append(.literal(escaped))
            default: elements.append(.literal(scalar))
            }
        }
        self.elements = elements
    }

    /// Cuts the shortest or the longest beginning that matches.
    func removingPrefix(
        of value: [Unicode.Scalar],
        longest: Bool
    ) throws(ExpansionFault) -> [Unicode.Scalar] {
        try checkWork(value.count)
        let ends = Self.ends(elements, value[...])
        guard let end = longest ? ends.last : ends.first else { return value }
        return Array(value[end...])
    }

    /// Cuts the shortest or the longest end that matches.
    func removingSuffix(
        of value: [Unicode.Scalar],
        longest: Bool
    ) throws(ExpansionFault) -> [Unicode.Scalar] {
        try checkWork(value.count)
        let ends = Self.ends(elements.reversed(), Array(value.reversed())[...])
        guard let length = longest ? ends.last : ends.first else { return value }
        return value.dropLast(length)
    }

    /// Replaces the first or every longest match.
    func replacing(
        in value: [Unicode.Scalar],
        with replacement: [Unicode.Scalar],
        everywhere: Bool
    ) throws(ExpansionFault) -> [Unicode.Scalar] {
        // Every place of the value may be where a match begins.
        try checkWork(value.count * value.count)
        var result: [Unicode.Scalar] = []
        var start = 0
        var isDone = false
        while start <= value.count {
            if !isDone, let end = Self.ends(elements, value[start...]).last {
                result += replacement
                isDone = !everywhere
                if end > start {
                    start = end
                    // An empty match right behind another match does not count.
                    if start == value.count { break }
                    continue
                }
            }
            if start < value.count { result.append(value[start]) }
            start += 1
            guard result.count <= WordExpansion.maximumLength else {
                throw .tooLong(limit: WordExpansion.maximumLength)
            }
        }
        return result
    }

    /// Refuses what would take seconds: so many places of a value, each with every element.
    private func checkWork(_ places: Int) throws(ExpansionFault) {
        let limit = 64 * WordExpansion.maximumLength
        guard places <= limit, places * elements.count <= limit else {
            throw .tooLong(limit: WordExpansion.maximumLength)
        }
    }

    /// Where a match that begins at the beginning can end, in ascending order.
    ///
    /// All ends at once, element by element: no pattern takes longer than its length times the
    /// value's.
    private static func ends(_ elements: [Element], _ value: ArraySlice<Unicode.Scalar>) -> [Int] {
        var ends = [value.startIndex]
        for element in elements {
            switch element {
            case .many: ends = ends.first.map { Array($0...value.endIndex) } ?? []
            case .any: ends = ends.filter { $0 < value.endIndex }.map { $0 + 1 }
            case .literal(let scalar):
                ends = ends.filter { $0 < value.endIndex && value[$0] == scalar }.map { $0 + 1 }
            }
        }
        return ends
    }
}
