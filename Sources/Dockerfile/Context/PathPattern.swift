// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Go's path/filepath.Match; Dockerfile reference, ".dockerignore file"; the patterns of
// moby/patternmatcher where the reference is silent.

/// A pattern for paths: `*`, `?`, `[a-z]` as Go's filepath.Match knows them, and `**`.
struct PathPattern: Hashable, Sendable {
    private enum Element: Hashable {
        case literal(Rune)
        /// `?`: one character, but no slash.
        case one
        /// `*`: any number of characters, but no slash.
        case many
        /// `[…]`, which may be negated.
        case among([ClosedRange<Rune>], isNegated: Bool)
        /// `**/`: any number of directories, none among them.
        case directories
        /// `**` at the end: any number of characters, slashes among them.
        case everything
    }

    /// One character of a name; bytes that are no UTF-8 are characters of their own.
    fileprivate typealias Rune = UInt32

    /// A path, taken apart once for any number of patterns.
    struct Path {
        fileprivate let runes: [Rune]

        init(_ bytes: some Collection<UInt8>) {
            runes = PathPattern.runes(bytes)
        }
    }

    private let elements: [Element]
    /// The part between slashes that the pattern begins with, one by one; up to the first that
    /// has a `**`.
    private let leading: [[Element]]
    /// Whether a `**` may match directories behind `leading`.
    private let isDeep: Bool

    /// Reads a pattern without a slash at either end; `nil` where a bracket or an escape is not
    /// closed.
    ///
    /// Where the pattern is not deep, `**` means no more than `*`.
    init?(_ bytes: some Collection<UInt8>, isDeep: Bool = true) {
        let runes = Self.runes(bytes)
        guard let elements = Self.elements(runes[...], isDeep: isDeep) else { return nil }
        self.elements = elements
        let deep = elements.firstIndex { $0 == .directories || $0 == .everything }
        let parts = elements.split(
            separator: .literal(Self.slash),
            omittingEmptySubsequences: false
        )
        // What stands in front of a `**` in the same part is only the beginning of a name.
        let whole = deep.map { index in elements[..<index].count { $0 == .literal(Self.slash) } }
        self.leading = parts.prefix(whole ?? parts.count).map(Array.init)
        self.isDeep = deep != nil
    }

    /// Whether some bytes hold a character that means more than itself.
    static func isLiteral(_ bytes: some Sequence<UInt8>) -> Bool {
        !bytes.contains { "*?[\\".utf8.contains($0) }
    }

    /// Whether the pattern matches a whole path.
    ///
    /// All ends of a match at once, element by element: no pattern takes longer than its length
    /// times the path's.
    func matches(_ path: Path) -> Bool {
        Self.matches(elements[...], path.runes)
    }

    /// Whether a path below a directory could match, given the names from the root down to it.
    func couldMatch(below directory: [ArraySlice<UInt8>]) -> Bool {
        guard isDeep || directory.count < leading.count else { return false }
        return zip(leading, directory).allSatisfy { part, name in
            Self.matches(part[...], Self.runes(name))
        }
    }

    private static let slash: Rune = 0x2F

    private static func matches(_ elements: ArraySlice<Element>, _ path: [Rune]) -> Bool {
        var ends = [0]
        for element in elements {
            guard let first = ends.first else { return false }
            switch element {
            case .literal(let rune): ends = Self.step(ends, path) { $0 == rune }
            case .one: ends = Self.step(ends, path) { $0 != slash }
            case .among(let ranges, let isNegated):
                ends = Self.step(ends, path) { rune in
                    ranges.contains { $0.contains(rune) } != isNegated
                }
            case .many: ends = Self.spread(ends, path)
            case .directories:
                ends += (first..<path.count).filter { path[$0] == slash }.map { $0 + 1 }
                ends = Set(ends).sorted()
            case .everything: ends = Array(first...path.count)
            }
        }
        return ends.last == path.count
    }

    private static func step(_ ends: [Int], _ path: [Rune], _ accepts: (Rune) -> Bool) -> [Int] {
        ends.filter { $0 < path.count && accepts(path[$0]) }.map { $0 + 1 }
    }

    /// From each end on to the next slash, no place twice.
    private static func spread(_ ends: [Int], _ path: [Rune]) -> [Int] {
        var isReached = Array(repeating: false, count: path.count + 1)
        for end in ends {
            var next = end
            while !isReached[next] {
                isReached[next] = true
                guard next < path.count, path[next] != slash else { break }
                next += 1
            }
        }
        return isReached.indices.filter { isReached[$0] }
    }

    private static func runes(_ bytes: some Collection<UInt8>) -> [Rune] {
        var runes: [Rune] = []
        runes.reserveCapacity(bytes.count)
        var rest = Array(bytes)[...]
        while let first = rest.first {
            let length =
                first < 0x80
                ? 1
                : (2...4).first { count in
                    String(validating: rest.prefix(count), as: UTF8.self)?.unicodeScalars.count == 1
                }
            let part = rest.prefix(length ?? 1)
            // A byte that is no UTF-8 becomes a value that no character has.
            let scalar =
                length == nil
                ? nil : String(decoding: part, as: UTF8.self).unicodeScalars.first
            runes.append(scalar?.value ?? 0x11_0000 + UInt32(first))
            rest = rest.dropFirst(part.count)
        }
        return runes
    }

    private static func elements(_ text: ArraySlice<Rune>, isDeep: Bool) -> [Element]? {
        var elements: [Element] = []
        var rest = text
        while let rune = rest.popFirst() {
            switch rune {
            case 0x2A where isDeep && rest.first == 0x2A:
                rest.removeFirst()
                // In front of plain text it matches any end of a path, as moby has it.
                let endsNames = elements.isEmpty && rest.first != slash && rest.allSatisfy(isPlain)
                if rest.first == slash { rest.removeFirst() }
                elements.append(rest.isEmpty || endsNames ? .everything : .directories)
            case 0x2A: elements.append(.many)
            case 0x3F: elements.append(.one)
            case 0x5B:
                guard let element = among(&rest) else { return nil }
                elements.append(element)
            case 0x5C:
                guard let escaped = rest.popFirst() else { return nil }
                elements.append(.literal(escaped))
            default: elements.append(.literal(rune))
            }
        }
        return elements
    }

    private static func isPlain(_ rune: Rune) -> Bool {
        ![0x2A, 0x3F, 0x5B, 0x5C, 0x5D].contains(rune)
    }

    /// What stands in brackets, the opening one already taken.
    private static func among(_ rest: inout ArraySlice<Rune>) -> Element? {
        let isNegated = rest.first == 0x5E
        if isNegated { rest.removeFirst() }
        var ranges: [ClosedRange<Rune>] = []
        while rest.first != 0x5D || ranges.isEmpty {
            guard let low = member(&rest) else { return nil }
            var high = low
            if rest.first == 0x2D {
                rest.removeFirst()
                guard let end = member(&rest) else { return nil }
                high = end
            }
            // Go accepts a range that is upside down, and nothing is in it.
            ranges.append(low <= high ? low...high : Rune.max...Rune.max)
        }
        rest.removeFirst()
        return .among(ranges, isNegated: isNegated)
    }

    private static func member(_ rest: inout ArraySlice<Rune>) -> Rune? {
        guard let rune = rest.popFirst(), rune != 0x2D, rune != 0x5D else { return nil }
        return rune == 0x5C ? rest.popFirst() : rune
    }
}
