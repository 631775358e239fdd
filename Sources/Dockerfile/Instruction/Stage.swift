// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "FROM".

/// A FROM and the instructions up to the next.
public struct Stage: Hashable, Sendable {
    /// What the stage is built on, as written: an image, an earlier stage or `scratch`.
    public let base: String
    /// The value of `--platform`, as written.
    public let platform: String?
    /// The name behind `AS`, in lower case.
    public let name: String?
    /// The FROM.
    public let from: Located<String>
    /// What follows it, in order.
    public internal(set) var instructions: [Located<Instruction>] = []

    init(_ statement: Statement) throws(DockerfileError) {
        var flags = FlagReader(statement)
        self.platform = try flags.value("platform")
        try flags.finish()
        let words = ShellWords.splitPlainly(statement.arguments)
        guard let base = words.first, words.count == 1 || words.count == 3 else {
            throw statement.wrongArguments(.imageAndName)
        }
        if words.count == 3 {
            guard String(scalars: words[1]).lowercased() == "as" else {
                throw statement.wrongArguments(.imageAndName)
            }
            let name = String(scalars: words[2])
            guard let name = Self.stageName(name) else {
                throw DockerfileError(.stageName(name), at: statement.location(of: words[2]))
            }
            self.name = name
        } else {
            self.name = nil
        }
        self.base = String(scalars: base)
        self.from = Located(self.base, statement)
    }

    /// A name in lower case; `nil` where it has other characters, or begins with no letter.
    private static func stageName(_ text: String) -> String? {
        let name = text.lowercased()
        guard let first = name.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
        else { return nil }
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "-_.".utf8.contains(byte)
            }
        }
        return isName ? name : nil
    }
}

extension Statement {
    /// The error for a number of arguments that is wrong.
    func wrongArguments(_ expected: Arity) -> DockerfileError {
        DockerfileError(.arguments(instruction: keyword, expected: expected), at: location)
    }
}
