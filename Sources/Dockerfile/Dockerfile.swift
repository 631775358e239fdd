// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference; BuildKit's reader where the reference is silent.

/// A Dockerfile, read: no variable is expanded yet, nothing is chosen.
public struct Dockerfile: Hashable, Sendable {
    /// The files that are read are not longer, in bytes.
    public static let maximumSize = DockerfileText.maximumSize

    /// What escapes a character: a backslash, or a backtick where the file says so.
    public let escape: Unicode.Scalar
    /// The ARGs before the first FROM, which only FROM lines see.
    public let arguments: [Located<[ArgumentDeclaration]>]
    /// The stages in order; at least one.
    public let stages: [Stage]

    /// Reads a Dockerfile.
    ///
    /// - Parameter bytes: the whole file; hostile.
    /// - Throws: `DockerfileError`, with the line, of the first thing that is wrong.
    public init(_ bytes: [UInt8]) throws(DockerfileError) {
        var reader = LineReader(try DockerfileText(bytes))
        var arguments: [Located<[ArgumentDeclaration]>] = []
        var stages: [Stage] = []
        while let line = try reader.line() {
            let escape = reader.directives.escape
            let statement = try Statement(line, escape: escape) {
                (word, location) throws(DockerfileError) in
                try reader.content(of: word, at: location)
            }
            if statement.keyword == "FROM" {
                stages.append(try Stage(statement))
                continue
            }
            let instruction = try Instruction(statement)
            let located = Located(instruction, statement)
            if !stages.isEmpty {
                stages[stages.count - 1].instructions.append(located)
            } else if case .arg(let declarations) = instruction {
                arguments.append(located.map { _ in declarations })
            } else {
                throw DockerfileError(
                    .noStage(instruction: statement.keyword),
                    at: statement.location
                )
            }
        }
        guard !stages.isEmpty else { throw DockerfileError(.empty, line: 1) }
        self.escape = reader.directives.escape
        self.arguments = arguments
        self.stages = stages
    }
}

/// Something of a Dockerfile and where it stands.
public struct Located<Value: Hashable & Sendable>: Hashable, Sendable {
    /// What stands there.
    public let value: Value
    /// Where it begins.
    public let location: SourceLocation
    /// All physical lines it is on, counted from 1.
    public let lines: ClosedRange<Int>
    /// As written, continuations joined, without here-documents.
    public let text: String

    init(_ value: Value, _ statement: Statement) {
        self.init(value, statement.location, statement.lines, statement.text)
    }

    private init(_ value: Value, _ start: SourceLocation, _ lines: ClosedRange<Int>, _ text: String)
    {
        self.value = value
        self.location = start
        self.lines = lines
        self.text = text
    }

    /// Something else at the same place.
    func map<Other>(_ body: (Value) -> Other) -> Located<Other> {
        Located<Other>(body(value), location, lines, text)
    }
}
