// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, ".dockerignore file".

/// Patterns of which the last that matches a path, or a directory above it, decides.
public struct PathPatterns: Hashable, Sendable {
    private struct Rule: Hashable {
        let pattern: PathPattern
        /// `!`: what it matches is not meant after all.
        let isException: Bool
    }

    /// Which rules matched a directory, and so match everything below.
    struct Matched {
        fileprivate var rules: [Bool]
        fileprivate(set) var isMatched = false
    }

    private let rules: [Rule]

    /// No pattern, which matches nothing.
    public static let none = PathPatterns(rules: [])

    private init(rules: [Rule]) {
        self.rules = rules
    }

    /// Reads patterns as a `.dockerignore` has them, one a line, with comments.
    ///
    /// - Parameter file: the whole file; hostile.
    /// - Throws: `PathPatternError`, with the line.
    public init(ignoreFile file: [UInt8]) throws(PathPatternError) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let content = file.starts(with: mark) ? file.dropFirst(mark.count) : file[...]
        let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var rules: [Rule] = []
        for (index, line) in lines.enumerated() where line.first != UInt8(ascii: "#") {
            let text = Self.trimmed(line)
            guard !text.isEmpty else { continue }
            guard rules.count < Self.maximumCount, text.count <= Self.maximumLength,
                let rule = Self.rule(text)
            else { throw PathPatternError(pattern: Array(text), line: index + 1) }
            rules.append(rule)
        }
        self.rules = rules
    }

    /// Reads patterns of `--exclude` or of `--parents`.
    ///
    /// - Throws: `PathPatternError` without a line.
    init(_ patterns: [String]) throws(PathPatternError) {
        var rules: [Rule] = []
        for pattern in patterns {
            let text = Self.trimmed(Array(pattern.utf8)[...])
            guard !text.isEmpty else { continue }
            guard text.count <= Self.maximumLength, let rule = Self.rule(text) else {
                throw PathPatternError(pattern: Array(text), line: nil)
            }
            rules.append(rule)
        }
        self.rules = rules
    }

    /// More patterns, and longer ones, nobody writes.
    private static let maximumCount = 10_000
    private static let maximumLength = 4095

    /// Nothing matched yet: what holds for the root.
    var start: Matched { Matched(rules: Array(repeating: false, count: rules.count)) }

    var isEmpty: Bool { rules.isEmpty }

    /// Looks at a path, given what holds for the directory it is in.
    ///
    /// The path is relative, with single slashes between its components.
    func match(_ path: [UInt8], in parent: Matched) -> Matched {
        var result = Matched(rules: [], isMatched: false)
        result.rules.reserveCapacity(rules.count)
        let path = PathPattern.Path(path)
        for (rule, isInherited) in zip(rules, parent.rules) {
            // An exception can only take back what is matched, a pattern only add what is not.
            let decides = rule.isException == result.isMatched
            let matches = isInherited || decides && rule.pattern.matches(path)
            result.rules.append(matches)
            if matches { result.isMatched = !rule.isException }
        }
        return result
    }

    /// Whether an exception could match below a directory.
    func couldExcept(below directory: [ArraySlice<UInt8>]) -> Bool {
        rules.contains { $0.isException && $0.pattern.couldMatch(below: directory) }
    }

    /// Whether a pattern could match below a directory.
    func couldMatch(below directory: [ArraySlice<UInt8>]) -> Bool {
        rules.contains { !$0.isException && $0.pattern.couldMatch(below: directory) }
    }

    private static func rule(_ text: ArraySlice<UInt8>) -> Rule? {
        let isException = text.first == UInt8(ascii: "!")
        let words = isException ? trimmed(text.dropFirst()) : text
        guard !words.isEmpty else { return nil }
        return PathPattern(clean(words)).map { Rule(pattern: $0, isException: isException) }
    }

    /// Go's filepath.Clean, then without the slash in front.
    private static func clean(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var components: [ArraySlice<UInt8>] = []
        for component in text.split(separator: UInt8(ascii: "/")) {
            if component.elementsEqual(".".utf8) { continue }
            let isUp = component.elementsEqual("..".utf8)
            if isUp, let last = components.last, !last.elementsEqual("..".utf8) {
                components.removeLast()
            } else if !isUp || text.first != UInt8(ascii: "/") {
                components.append(component)
            }
        }
        return components.isEmpty ? Array(".".utf8) : Array(components.joined(separator: "/".utf8))
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = text.drop(while: isBlank)
        while rest.last.map(isBlank) == true { rest.removeLast() }
        return rest
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}

/// A pattern that is none: a bracket or an escape that is not closed, or `!` alone.
public struct PathPatternError: Error, Hashable, Sendable {
    /// As written.
    public let pattern: [UInt8]
    /// Where in the `.dockerignore`, counted from 1; `nil` for a pattern of an instruction.
    public let line: Int?
}
