// SPDX-License-Identifier: MIT OR Apache-2.0

/// The arguments of instructions that have no flags.
extension Statement {
    /// The arguments as one text.
    func one() throws(DockerfileError) -> String {
        guard !arguments.isEmpty else { throw wrongArguments(.one) }
        return String(scalars: arguments)
    }

    /// The arguments as words without quotes.
    func some() throws(DockerfileError) -> [String] {
        let words = ShellWords.splitPlainly(arguments)
        guard !words.isEmpty else { throw wrongArguments(.some) }
        return words.map { String(scalars: $0) }
    }

    /// The arguments as an array, or as the line of a shell.
    func commandLine() throws(DockerfileError) -> CommandLine {
        if let strings = try strings() { return .exec(strings) }
        return .shell(String(scalars: arguments))
    }

    func shell() throws(DockerfileError) -> [String] {
        guard !arguments.isEmpty else { throw wrongArguments(.some) }
        guard let words = try strings() else {
            throw DockerfileError(.notAnArray(keyword), at: location(of: arguments))
        }
        guard !words.isEmpty else { throw wrongArguments(.some) }
        return words
    }

    func volumes() throws(DockerfileError) -> [String] {
        var paths = try strings()
        if paths == nil { paths = try some() }
        guard let paths, !paths.isEmpty else { throw wrongArguments(.some) }
        guard paths.allSatisfy({ !$0.unicodeScalars.allSatisfy(\.isBlank) }) else {
            throw DockerfileError(.emptyVolume, at: location)
        }
        return paths
    }

    /// `NAME` and `NAME=VALUE`, any number of them.
    func declarations() throws(DockerfileError) -> [ArgumentDeclaration] {
        let words = ShellWords.split(arguments, escape: escape)
        guard !words.isEmpty else { throw wrongArguments(.some) }
        var declarations: [ArgumentDeclaration] = []
        for word in words {
            let (name, value) = Self.cut(word)
            guard !name.isEmpty else {
                throw DockerfileError(.blankName(instruction: keyword), at: location(of: word))
            }
            declarations.append(ArgumentDeclaration(name: name, value: value))
        }
        return declarations
    }

    /// `NAME=VALUE …`, or the older `NAME VALUE`, which the first word's lack of `=` tells.
    func namedValues() throws(DockerfileError) -> [NamedValue] {
        let words = ShellWords.split(arguments, escape: escape)
        guard let first = words.first else { throw wrongArguments(.some) }
        guard first.contains("=") else { return [try olderNamedValue()] }
        var values: [NamedValue] = []
        for word in words {
            guard case (let name, let value?) = Self.cut(word) else {
                throw DockerfileError(
                    .noEqualsSign(String(scalars: word)),
                    at: location(of: word)
                )
            }
            guard !name.isEmpty else {
                throw DockerfileError(.blankName(instruction: keyword), at: location(of: word))
            }
            values.append(NamedValue(name: name, value: value))
        }
        return values
    }

    private func olderNamedValue() throws(DockerfileError) -> NamedValue {
        let name = arguments.prefix { !$0.isSeparator }
        let value = arguments.dropFirst(name.count).drop(while: \.isSeparator)
        guard !value.isEmpty else { throw wrongArguments(.nameAndValue) }
        return NamedValue(name: String(scalars: name), value: String(scalars: value))
    }

    private static func cut(_ word: ArraySlice<Unicode.Scalar>) -> (String, String?) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(scalars: parts[0]), parts.count == 2 ? String(scalars: parts[1]) : nil)
    }
}
