// SPDX-License-Identifier: MIT OR Apache-2.0

/// One instruction, taken apart as far as all instructions are alike.
struct Statement {
    /// A word of the form `--name=value` in front of an instruction's arguments.
    struct Flag {
        let name: String
        /// `nil` where there is no equals sign.
        let value: String?
        let location: SourceLocation
    }

    /// The instruction's name in upper case.
    let keyword: String
    let flags: [Flag]
    /// What follows the flags, blanks around it cut.
    let arguments: ArraySlice<Unicode.Scalar>
    let heredocs: [Heredoc]
    let escape: Unicode.Scalar
    private let line: LogicalLine
    private let lastLine: Int

    /// Takes a line apart that has something on it; `content` reads the here-documents that it
    /// announces.
    init(
        _ line: LogicalLine,
        escape: Unicode.Scalar,
        content: (HeredocWord, SourceLocation) throws(DockerfileError) -> String
    ) throws(DockerfileError) {
        try self.init(line, line.text.trimmed, escape, content)
    }

    /// The instruction inside an `ONBUILD`, whose here-documents are its own.
    init(inside outer: Statement) throws(DockerfileError) {
        let (keyword, rest) = Self.keyword(outer.arguments)
        self.keyword = keyword
        (self.flags, self.arguments) = Self.flags(rest, outer.line, outer.escape)
        self.heredocs = outer.heredocs
        self.escape = outer.escape
        self.line = outer.line
        self.lastLine = outer.lastLine
    }

    private init(
        _ line: LogicalLine,
        _ text: ArraySlice<Unicode.Scalar>,
        _ escape: Unicode.Scalar,
        _ content: (HeredocWord, SourceLocation) throws(DockerfileError) -> String
    ) throws(DockerfileError) {
        let (keyword, rest) = Self.keyword(text)
        (self.flags, self.arguments) = Self.flags(rest, line, escape)
        var heredocs: [Heredoc] = []
        var lastLine = line.lastLine
        if Self.takesHeredocs(keyword, arguments) {
            for (word, offset) in HeredocWord.all(on: line.text) {
                let text = try content(word, line.location(at: offset))
                lastLine += 1 + text.unicodeScalars.count { $0 == "\n" }
                heredocs.append(
                    Heredoc(
                        name: word.name,
                        expands: word.expands,
                        stripsTabs: word.stripsTabs,
                        content: text
                    )
                )
            }
        }
        self.keyword = keyword
        self.heredocs = heredocs
        self.escape = escape
        self.line = line
        self.lastLine = lastLine
    }

    /// The physical lines the instruction is on, here-documents included.
    var lines: ClosedRange<Int> { line.firstLine...max(line.firstLine, lastLine) }

    /// The line as written, continuations joined; for showing.
    var text: String { String(scalars: line.text.trimmed) }

    /// Where the instruction begins.
    var location: SourceLocation { line.location(at: line.text.trimmed.startIndex) }

    /// Where a part of the arguments begins.
    func location(of part: ArraySlice<Unicode.Scalar>) -> SourceLocation {
        line.location(at: part.startIndex)
    }

    /// The arguments as a JSON array of strings; `nil` where they are none.
    func strings() throws(DockerfileError) -> [String]? {
        do throws(StringArray.Failure) {
            return try StringArray.read(arguments)
        } catch {
            throw DockerfileError(.notStrings(keyword), at: location(of: arguments))
        }
    }

    private static func keyword(
        _ text: ArraySlice<Unicode.Scalar>
    ) -> (String, ArraySlice<Unicode.Scalar>) {
        let word = text.prefix { !$0.isSeparator }
        return (String(scalars: word).uppercased(), text.dropFirst(word.count).trimmed)
    }

    /// An array in JSON knows no here-documents.
    private static func takesHeredocs(
        _ keyword: String,
        _ arguments: ArraySlice<Unicode.Scalar>
    ) -> Bool {
        if keyword == "ONBUILD" {
            let (inner, rest) = Self.keyword(arguments)
            return inner != "ONBUILD" && takesHeredocs(inner, rest)
        }
        guard ["RUN", "COPY", "ADD"].contains(keyword) else { return false }
        return (try? StringArray.read(arguments)) == .some(nil)
    }
}

extension Statement {
    /// Takes words that begin with two hyphens off the front; `--` alone ends them.
    private static func flags(
        _ text: ArraySlice<Unicode.Scalar>,
        _ line: LogicalLine,
        _ escape: Unicode.Scalar
    ) -> ([Flag], ArraySlice<Unicode.Scalar>) {
        var flags: [Flag] = []
        var rest = text
        while rest.starts(with: ["-", "-"]) {
            let location = line.location(at: rest.startIndex)
            guard let word = ShellWords.split(rest, escape: escape).first else { break }
            rest = rest[word.endIndex...].trimmed
            let parts = unquoted(word, escape).dropFirst(2)
                .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? String(scalars: parts[1]) : nil
            let name = parts.first.map { String(scalars: $0) } ?? ""
            guard !name.isEmpty || value != nil else { break }
            flags.append(Flag(name: name, value: value, location: location))
        }
        return (flags, rest)
    }

    private static func unquoted(
        _ word: ArraySlice<Unicode.Scalar>,
        _ escape: Unicode.Scalar
    ) -> [Unicode.Scalar] {
        var text: [Unicode.Scalar] = []
        var quote: Unicode.Scalar?
        var index = word.startIndex
        while index < word.endIndex {
            let scalar = word[index]
            index += 1
            if scalar == quote {
                quote = nil
            } else if quote == nil, scalar == "'" || scalar == "\"" {
                quote = scalar
            } else if scalar == escape {
                // At the very end it escapes nothing and is dropped.
                if index < word.endIndex { text.append(word[index]) }
                index += 1
            } else {
                text.append(scalar)
            }
        }
        return text
    }
}
