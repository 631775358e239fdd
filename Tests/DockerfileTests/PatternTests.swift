// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import Dockerfile

@Suite struct PatternTests {
    private func matches(_ pattern: String, _ path: String) throws -> Bool {
        let pattern = try #require(PathPattern(Array(pattern.utf8)))
        return pattern.matches(PathPattern.Path(Array(path.utf8)))
    }

    @Test(arguments: [
        ("a", "a"), ("a/b", "a/b"), ("*", "abc"), ("a*c", "abbc"), ("a?c", "aéc"), ("*.rs", "x.rs"),
        ("[a-c]x", "bx"), ("[^a]x", "bx"), ("[a\\-]x", "-x"), ("\\]x", "]x"),
        ("\\*", "*"), ("a/*/c", "a/b/c"), ("**", "a"), ("**", "a/b/c"), ("**/x", "x"),
        ("**/x", "a/b/x"),
        ("a/**", "a/b"), ("a/**", "a/b/c"), ("a/**/z", "a/z"), ("a/**/z", "a/b/c/z"),
        ("**/*.rs", "a/b.rs"),
        ("**/*.rs", "b.rs"), ("a**b", "ab"), ("a**b", "ax/b"), ("**/a/**", "x/a/y"), ("*a*", "bab"),
        ("a.b", "a.b"), ("(a)", "(a)"), ("a+", "a+"), ("{a,b}", "{a,b}"), ("**.rs", "a/b.rs"),
        ("é", "é"), ("?", "한"),
    ])
    func patternsMatch(pattern: String, path: String) throws {
        #expect(try matches(pattern, path))
    }

    @Test(arguments: [
        ("a", "b"), ("a", "a/b"), ("*", "a/b"), ("a?c", "a/c"), ("?", ""), ("[a-c]x", "dx"),
        ("[^a]x", "ax"),
        ("*.rs", "a/b.rs"), ("a/*", "a"), ("a/**", "a"), ("**/x", "xx"), ("**/x", "x/y"),
        ("a/**/z", "az"),
        ("a.b", "axb"), ("a+", "aa"), ("a**b", "axb"), ("{a,b}", "a"), ("**/*.rs", "a.rs/b"),
        // Bytes count, not what looks the same.
        ("\u{E9}", "e\u{301}"), ("?", "e\u{301}"),
    ])
    func patternsDoNotMatch(pattern: String, path: String) throws {
        #expect(try !matches(pattern, path))
    }

    @Test(arguments: ["[", "[a", "[a-", "a\\", "[]a]", "[-a]", "[a-]"])
    func patternsThatAreNotClosedAreNone(pattern: String) {
        #expect(PathPattern(Array(pattern.utf8)) == nil)
    }

    @Test func bytesThatAreNoTextMatchThemselves() throws {
        let pattern = try #require(PathPattern([0xFF, 0x2A]))
        #expect(pattern.matches(.init([0xFF, 0xFE])))
        #expect(!pattern.matches(.init([0xFE, 0xFF])))
        let one = try #require(PathPattern(Array("?".utf8)))
        #expect(one.matches(.init([0xFF])))
    }

    @Test func patternsTakeNoLongTime() throws {
        let pattern = String(repeating: "*a", count: 500) + "b"
        let path = String(repeating: "a", count: 4000)
        var isMatched = true
        let time = try ContinuousClock().measure { isMatched = try matches(pattern, path) }
        #expect(!isMatched)
        #expect(time < .seconds(10))
    }

    private func ignores(_ file: String, _ path: String) throws -> Bool {
        let patterns = try PathPatterns(ignoreFile: Array(file.utf8))
        var matched = patterns.start
        let names = path.split(separator: "/")
        for count in names.indices {
            matched = patterns.match(
                Array(names[...count].joined(separator: "/").utf8),
                in: matched
            )
        }
        return matched.isMatched
    }

    @Test(arguments: [
        ("target", "target", true), ("target", "target/x/y", true), ("target", "a/target", false),
        ("/target", "target/x", true), ("target/", "target/x", true), ("./target", "target", true),
        ("*/temp*", "a/tempo", true), ("*/temp*", "a/b/tempo", false), ("**/*.o", "a/b/c.o", true),
        ("*.md\n!README.md", "README.md", false), ("*.md\n!README.md", "x.md", true),
        ("!README.md\n*.md", "README.md", true), ("*\n!src", "src/x", false),
        ("*\n!src", "Cargo.toml", true),
        ("*\n!src\nsrc/y", "src/y", true), ("a\n!a/b", "a/b/c", false), ("a\n!a/b", "a/c", true),
        ("# target\n\n  target  \n", "target", true), ("#target", "#target", false),
        ("\u{FEFF}a", "a", true),
        ("a\r\nb\r\n", "a", true), ("a/../b", "b", true), ("! a\n", "a", false),
        ("**", "a/b", true),
        ("**\n!**/*.rs", "a/b.rs", false), ("**/x\n!a/**/x", "a/b/x", false),
    ])
    func theLastPatternThatMatchesDecides(file: String, path: String, expected: Bool) throws {
        #expect(try ignores(file, path) == expected)
    }

    @Test(arguments: [("a\n!\n", 2), ("[", 1), ("a\n\n\\", 3)])
    func errorsNameTheLine(file: String, line: Int) {
        #expect { _ = try PathPatterns(ignoreFile: Array(file.utf8)) } throws: {
            ($0 as? PathPatternError)?.line == line
        }
    }
}
