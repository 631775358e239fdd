// SPDX-License-Identifier: MIT OR Apache-2.0

/// Walks over a word once, expanding as it goes.
struct WordScanner {
    private let text: [Unicode.Scalar]
    private var position = 0
    private let variables: [String: String]
    private let escape: Unicode.Scalar
    private let readsQuotes: Bool

    init(
        _ word: String,
        _ variables: [String: String],
        _ escape: Unicode.Scalar,
        _ readsQuotes: Bool
    ) {
        self.text = Array(word.unicodeScalars)
        self.variables = variables
        self.escape = escape
        self.readsQuotes = readsQuotes
    }

    private var next: Unicode.Scalar? { position < text.count ? text[position] : nil }

    private mutating func take() -> Unicode.Scalar? {
        guard let scalar = next else { return nil }
        position += 1
        return scalar
    }

    /// Expands up to a scalar, which is taken, or to the end of the text.
    ///
    /// A pattern keeps its escapes, since it has a use of its own for them. The depth is that of the
    /// substitutions around.
    mutating func word(
        until stop: Unicode.Scalar?,
        keepsEscapes: Bool,
        depth: Int
    ) throws(ExpansionFault) -> [Unicode.Scalar] {
        guard depth <= WordExpansion.maximumDepth else { throw .tooDeep }
        var result: [Unicode.Scalar] = []
        while let scalar = next {
            guard result.count <= WordExpansion.maximumLength else {
                throw .tooLong(limit: WordExpansion.maximumLength)
            }
            position += 1
            switch scalar {
            case stop: return result
            case "$": result += try substitution(depth: depth)
            case "'" where readsQuotes: result += try singleQuoted()
            case "\"" where readsQuotes:
                result += try doubleQuoted(keepsEscapes: keepsEscapes, depth: depth)
            case escape:
                if keepsEscapes { result.append(scalar) }
                // At the very end it escapes nothing and is dropped.
                if let escaped = take() { result.append(escaped) }
            default: result.append(scalar)
            }
        }
        guard result.count <= WordExpansion.maximumLength else {
            throw .tooLong(limit: WordExpansion.maximumLength)
        }
        guard stop == nil else { throw stop == "/" ? .missingSlash : .missingBrace }
        return result
    }

    private mutating func singleQuoted() throws(ExpansionFault) -> ArraySlice<Unicode.Scalar> {
        guard let end = text[position...].firstIndex(of: "'") else { throw .unbalancedQuote("'") }
        defer { position = end + 1 }
        return text[position..<end]
    }

    /// Only the quote, the dollar sign and the escape itself are escaped here.
    private mutating func doubleQuoted(
        keepsEscapes: Bool,
        depth: Int
    ) throws(ExpansionFault) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        while let scalar = take() {
            switch scalar {
            case "\"": return result
            case "$": result += try substitution(depth: depth)
            case escape:
                let isEscaped = next == "\"" || next == "$" || next == escape
                if keepsEscapes || !isEscaped { result.append(scalar) }
                if isEscaped, let escaped = take() { result.append(escaped) }
            default: result.append(scalar)
            }
            guard result.count <= WordExpansion.maximumLength else {
                throw .tooLong(limit: WordExpansion.maximumLength)
            }
        }
        throw .unbalancedQuote("\"")
    }

    /// What a dollar sign, already taken, stands for with what follows it.
    private mutating func substitution(depth: Int) throws(ExpansionFault) -> [Unicode.Scalar] {
        guard next == "{" else {
            let name = name()
            return name.isEmpty ? ["$"] : Array((variables[name] ?? "").unicodeScalars)
        }
        position += 1
        switch next {
        case nil: throw .missingBrace
        case "{", "}", ":": throw .badSubstitution
        default: return try modified(name(), depth: depth)
        }
    }

    /// `${NAME…}` from behind the name on.
    private mutating func modified(
        _ name: String,
        depth: Int
    ) throws(ExpansionFault) -> [Unicode.Scalar] {
        var modifier = String(scalars: [take()].compactMap(\.self))
        if modifier == ":" { modifier += String(scalars: [take()].compactMap(\.self)) }
        switch modifier {
        case "}": return Array((variables[name] ?? "").unicodeScalars)
        case "/": return try replaced(name, depth: depth)
        case "#", "%": return try trimmed(name, atEnd: modifier == "%", depth: depth)
        case "-", "+", "?", ":-", ":+", ":?":
            let word = try word(until: "}", keepsEscapes: false, depth: depth + 1)
            return try chosen(name, modifier, word)
        case "": throw .missingBrace
        default: throw .unknownModifier(modifier)
        }
    }

    private func chosen(
        _ name: String,
        _ modifier: String,
        _ word: [Unicode.Scalar]
    ) throws(ExpansionFault) -> [Unicode.Scalar] {
        let value = variables[name]
        // With a colon, an empty variable counts as one that is not set.
        let counts = modifier.utf8.count == 2 ? value?.isEmpty == false : value != nil
        switch modifier.unicodeScalars.last {
        case "-": return counts ? Array((value ?? "").unicodeScalars) : word
        case "+": return counts ? word : []
        default:
            guard counts else { throw .required(name, message: String(scalars: word)) }
            return Array((value ?? "").unicodeScalars)
        }
    }

    private mutating func trimmed(
        _ name: String,
        atEnd: Bool,
        depth: Int
    ) throws(ExpansionFault) -> [Unicode.Scalar] {
        var word = try word(until: "}", keepsEscapes: true, depth: depth + 1)[...]
        let isLongest = word.first == (atEnd ? "%" : "#")
        if isLongest { word = word.dropFirst() }
        let pattern = try ShellPattern(word)
        let value = Array((variables[name] ?? "").unicodeScalars)
        return atEnd
            ? try pattern.removingSuffix(of: value, longest: isLongest)
            : try pattern.removingPrefix(of: value, longest: isLongest)
    }

    private mutating func replaced(
        _ name: String,
        depth: Int
    ) throws(ExpansionFault) -> [Unicode.Scalar] {
        let isEverywhere = next == "/"
        if isEverywhere { position += 1 }
        let word = try word(until: "/", keepsEscapes: true, depth: depth + 1)
        let replacement = try self.word(until: "}", keepsEscapes: true, depth: depth + 1)
        let value = Array((variables[name] ?? "").unicodeScalars)
        return try ShellPattern(word[...])
            .replacing(in: value, with: replacement, everywhere: isEverywhere)
    }

    /// A name, digits only, or one of the shell's special parameters; may be empty.
    private mutating func name() -> String {
        guard let first = next else { return "" }
        if first.isDecimalDigit {
            let digits = text[position...].prefix(while: \.isDecimalDigit)
            position += digits.count
            return String(scalars: digits)
        }
        if "@*#?-$!".unicodeScalars.contains(first) {
            position += 1
            return String(first)
        }
        let name = text[position...].prefix(while: Self.isNamePart)
        position += name.count
        return String(scalars: name)
    }

    /// A letter or digit of any script.
    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber:
            true
        default: scalar == "_"
        }
    }
}
