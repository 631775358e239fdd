// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "Environment replacement"; POSIX 2.6.2; BuildKit where both are
// silent.

/// Replaces variables in a word and removes its quotes and escapes.
struct WordExpansion {
    /// What a word may become; a variable that doubles itself in every line reaches it soon.
    static let maximumLength = 1 << 20
    /// Words inside of `${…}` inside of words.
    static let maximumDepth = 64

    private let variables: [String: String]
    private let escape: Unicode.Scalar
    private let readsQuotes: Bool

    /// - Parameters:
    ///   - variables: what `$NAME` stands for.
    ///   - escape: as the file's directive says.
    ///   - readsQuotes: false for here-documents, in which quotes are text.
    init(_ variables: [String: String], escape: Unicode.Scalar, readsQuotes: Bool = true) {
        self.variables = variables
        self.escape = escape
        self.readsQuotes = readsQuotes
    }

    /// The word with nothing left to replace; blanks in it do not split it.
    func expand(_ word: String) throws(ExpansionFault) -> String {
        var scanner = WordScanner(word, variables, escape, readsQuotes)
        return String(scalars: try scanner.word(until: nil, keepsEscapes: false, depth: 0))
    }
}

/// Why a word cannot be expanded.
public enum ExpansionFault: Error, Hashable, Sendable {
    /// A quote is not closed.
    case unbalancedQuote(Unicode.Scalar)
    /// `${` is not closed.
    case missingBrace
    /// `${NAME/pattern` has no second slash.
    case missingSlash
    /// `${}`, `${:…}` and the like.
    case badSubstitution
    /// What follows the name in `${NAME…}` means nothing.
    case unknownModifier(String)
    /// In a pattern, something is escaped that need not be.
    case badPattern(String)
    /// `${NAME?message}` of a variable that is not set, or `${NAME:?message}` of an empty one.
    case required(String, message: String)
    /// Words inside of words inside of words.
    case tooDeep
    /// The result is longer than the limit, in Unicode scalars.
    case tooLong(limit: Int)
}
