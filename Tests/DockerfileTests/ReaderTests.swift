// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import Dockerfile

/// Reads a Dockerfile that is written in a test.
func read(_ text: String) throws -> Dockerfile { try Dockerfile(Array(text.utf8)) }

/// The instructions of a stage that is built on nothing.
func instructions(_ text: String) throws -> [Instruction] {
    try read("FROM scratch\n\(text)\n").stages[0].instructions.map(\.value)
}

/// What is wrong with a Dockerfile, and where; `nil` where nothing is.
func fault(_ text: String) -> DockerfileError? {
    do {
        _ = try read(text)
        return nil
    } catch {
        return error as? DockerfileError
    }
}

@Suite struct ReaderTests {
    private func lines(_ text: String) throws -> [String] {
        try instructions(text).map { instruction in
            guard case .run(let run) = instruction, case .shell(let line) = run.command else {
                return "?"
            }
            return line
        }
    }

    @Test(arguments: [
        ("RUN a \\\n b", ["a  b"]), ("RUN a\\\nb", ["ab"]), ("RUN a \\  \n b", ["a  b"]),
        ("RUN a \\\n\n\n b", ["a  b"]), ("RUN a \\\n# no\n   # no\n b", ["a  b"]),
        ("RUN a \\\r\n b\r\nRUN c\r\n", ["a  b", "c"]),
        ("run a\nRun b\n   RUN c", ["a", "b", "c"]),
        ("RUN\ta", ["a"]), ("RUN   a   b  ", ["a   b"]), ("RUN \\\n a", ["a"]),
        // Two escapes are no continuation, and at the end of the file there is nothing to continue.
        ("RUN a \\\\\nRUN b", ["a \\\\", "b"]), ("RUN a \\", ["a"]), ("RUN a # b", ["a # b"]),
        ("RUN a && \\\n\tb && \\\n\t# between\n\tc", ["a && \tb && \tc"]), ("\\\nRUN a", ["a"]),
        ("# only a comment\n#\nRUN a", ["a"]), ("RUN echo \"a \\\nb\"", ["echo \"a b\""]),
    ])
    func linesAreJoinedAsBuildKitJoinsThem(text: String, expected: [String]) throws {
        #expect(try lines(text) == expected)
    }

    @Test func aByteOrderMarkMeansNothing() throws {
        #expect(try Dockerfile([0xEF, 0xBB, 0xBF] + Array("FROM a".utf8)).stages[0].base == "a")
    }

    @Test(arguments: [
        ("# escape=`\nFROM a\nRUN b `\n c", "b  c"),
        ("#escape = `\nFROM a\nRUN b `\n c", "b  c"),
        ("# syntax=docker/dockerfile:1\n# ESCAPE=`\nFROM a\nRUN b `\n c", "b  c"),
        ("# check=skip=all\nFROM a\nRUN b \\\n c", "b  c"),
        // Behind another comment, an empty line or an unknown directive none is one.
        ("# hello\n# escape=`\nFROM a\nRUN b \\\n c", "b  c"),
        ("\n# escape=`\nFROM a\nRUN b \\\n c", "b  c"),
        ("# other=1\n# escape=`\nFROM a\nRUN b \\\n c", "b  c"),
    ])
    func directivesStandAtTheTop(text: String, expected: String) throws {
        guard case .run(let run) = try read(text).stages[0].instructions[0].value else {
            Issue.record("no RUN")
            return
        }
        #expect(run.command == .shell(expected))
    }

    @Test(arguments: [
        ("<<EOF", "EOF", true, false), ("<<-EOF", "EOF", true, true),
        ("3<<EOF", "EOF", true, false),
        ("<<'EOF'", "EOF", false, false), ("<<\"EOF\"", "EOF", false, false),
        ("<<eo'f'", "eof", false, false), ("<<eo\\'f", "eo'f", true, false),
        ("<<'e'o\\'f", "eo'f", false, false), ("<<'one two'", "one two", false, false),
        ("<<$EOF", "$EOF", true, false), ("<<file.txt", "file.txt", true, false),
        ("<<  EOF", "EOF", true, false), ("<<-  'EOF'", "EOF", false, true),
    ])
    func hereDocumentsAreAnnounced(word: String, name: String, expands: Bool, strips: Bool) throws {
        let heredoc = try #require(HeredocWord(Array(word.unicodeScalars)))
        #expect(heredoc.name == name)
        #expect(heredoc.expands == expands)
        #expect(heredoc.stripsTabs == strips)
    }

    @Test(arguments: ["<<", "<EOF", "<<<EOF", "x<<EOF", "<<EOF x", "<<'EOF", "<<''"])
    func otherWordsAreNoHereDocuments(word: String) {
        #expect(HeredocWord(Array(word.unicodeScalars)) == nil)
    }

    @Test(arguments: [
        // Alone on the line, the document is what the shell runs.
        ("RUN <<EOF\necho a\n# b\n\nEOF", "echo a\n# b\n\n"),
        ("RUN <<-EOF\n\techo a\n\t\tb\n\tEOF", "echo a\nb\n"),
        ("RUN <<EOF\r\necho a\r\nEOF\r\n", "echo a\r\n"), ("RUN <<EOF\nEOF", ""),
        // Otherwise it stands behind the line, for the shell to read.
        ("RUN cat <<EOF > /x && b\na\nEOF", "cat <<EOF > /x && b\na\nEOF"),
        ("RUN <<EOF python3\nprint(1)\nEOF", "<<EOF python3\nprint(1)\nEOF"),
        ("RUN <<A cat 3<<B\n1\nA\n2\nB", "<<A cat 3<<B\n1\nA\n2\nB"),
        ("RUN cat <<-EOF\n\ta\n\tEOF", "cat <<-EOF\n\ta\nEOF"),
        ("RUN \"<<EOF\"", "\"<<EOF\""), ("RUN echo '<<EOF'", "echo '<<EOF'"),
        ("RUN echo $((1<<2))", "echo $((1<<2))"),
        ("RUN --mount=type=cache,target=/c <<EOF\nls\nEOF", "ls\n"),
    ])
    func hereDocumentsBelongToTheirInstruction(text: String, expected: String) throws {
        #expect(try lines("\(text)\nRUN next") == [expected, "next"])
    }

    @Test func aHereDocumentWithAnInterpreterIsAProgram() throws {
        guard case .run(let run) = try instructions("RUN <<EOF\n#!/usr/bin/env python3\nEOF")[0],
            case .script(let document) = run.command
        else {
            Issue.record("no script")
            return
        }
        #expect(document.text == "#!/usr/bin/env python3\n")
    }

    @Test func errorsNameTheLineAndTheColumn() throws {
        let cases: [(String, Int, Int?, DockerfileFault)] = [
            ("", 1, nil, .empty),
            ("# only\n", 1, nil, .empty),
            ("FROM a\n\nFOO b\n", 3, 1, .unknownInstruction("FOO")),
            ("FROM a\n  RUN\n", 2, 3, .arguments(instruction: "RUN", expected: .some)),
            ("RUN a\n", 1, 1, .noStage(instruction: "RUN")),
            ("FROM a\nENV A=1 \\\n    B=2 \\\n    C\n", 4, 5, .noEqualsSign("C")),
            ("FROM a\nRUN --foo=1 b\n", 2, 5, .unknownFlag("foo", instruction: "RUN")),
            (
                "FROM a\nCOPY --link \\\n  --nope a b\n", 3, 3,
                .unknownFlag("nope", instruction: "COPY")
            ),
            ("FROM a\nRUN cat <<EOF\nx\n", 2, 9, .unterminatedHeredoc("EOF")),
            ("# escape=x\nFROM a\n", 1, nil, .invalidEscape("x")),
            ("# syntax=a\n# syntax=b\nFROM a\n", 2, nil, .repeatedDirective("syntax")),
            ("FROM a AS 1x\n", 1, 11, .stageName("1x")),
        ]
        for (text, line, column, expected) in cases {
            let found = fault(text)
            #expect(found?.fault == expected, "\(text)")
            #expect(found?.location == SourceLocation(line: line, column: column), "\(text)")
        }
    }

    @Test func bytesThatAreNoTextAreRefusedWithTheirLine() {
        #expect(throws: DockerfileError(.notUTF8, line: 2)) {
            _ = try Dockerfile(Array("FROM a\nRUN ".utf8) + [0xFF, 0x0A])
        }
        #expect(throws: DockerfileError(.tooLarge(limit: Dockerfile.maximumSize), line: 1)) {
            _ = try Dockerfile(Array(repeating: 0x23, count: Dockerfile.maximumSize + 1))
        }
    }

    @Test func instructionsKnowTheirLines() throws {
        let stage = try read("FROM a\nRUN b \\\n c\nRUN <<E\nx\nE\nRUN d\n").stages[0]
        #expect(stage.instructions.map(\.lines) == [2...3, 4...6, 7...7])
        #expect(stage.instructions.map(\.text) == ["RUN b  c", "RUN <<E", "RUN d"])
    }
}
