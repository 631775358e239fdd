// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import Dockerfile

@Suite struct ExpansionTests {
    private static let variables = [
        "PWD": "/home", "SHELL": "bash", "EMPTY": "", "한글": "한국어", "F": "src/lib.rs.in",
        "S": "a*b?c", "URL": "http://x.example/a/b",
    ]

    private func expand(_ word: String, escape: Unicode.Scalar = "\\") throws -> String {
        try WordExpansion(Self.variables, escape: escape).expand(word)
    }

    @Test(arguments: [
        // Names end where no letter, digit or underscore follows; digits are a name of their own.
        ("x$PWD.y", "x/home.y"), ("$PWD/y", "/home/y"), ("$pwd", ""), ("$PWDX", ""), ("$1x", "x"),
        ("$12x", "x"), ("$한글", "한국어"), ("$.", "$."), ("$", "$"), ("a$ b", "a$ b"), ("$$x", "x"),
        ("$@@", "@"), ("${PWD}y", "/homey"), ("${1}", ""), ("${@}a", "a"),
        // Defaults, with and without regard to what is empty.
        ("${NO:-x}", "x"), ("${NO-x}", "x"), ("${EMPTY:-x}", "x"), ("${EMPTY-x}", ""),
        ("${PWD:-x}", "/home"), ("${NO:+x}", ""), ("${PWD:+x}", "x"), ("${EMPTY:+x}", ""),
        ("${EMPTY+x}", "x"), ("${NO+x}", ""), ("${NO:-${PWD:-y}}", "/home"),
        ("${NO:-${NEITHER:-y}}z", "yz"), ("${PWD:+${NO}}", ""), ("${PWD:+$PWD:}x", "/home:x"),
        ("${NO:-a b}", "a b"), ("${NO:-}", ""), ("${PWD?}", "/home"), ("${EMPTY?gone}", ""),
        ("${NO:-{x}", "{x"), ("${NO:-x}}", "x}"), ("${NO:-\\$PWD}", "$PWD"),
        ("${NO:-\"}\"}", "}"),
    ])
    func variablesAreReplaced(word: String, expected: String) throws {
        #expect(try expand(word) == expected)
    }

    @Test(arguments: [
        ("he'll'o", "hello"), ("he\\'llo", "he'llo"), ("a\\tb", "atb"), ("\"a\\tb\"", "a\\tb"),
        ("\"a\\\\tb\"", "a\\tb"), ("'a\\tb'", "a\\tb"), ("a\\", "a"), ("a\\\\", "a\\"),
        ("\"it's\"", "it's"), ("'\"x\"'", "\"x\""), ("'a\\'", "a\\"), ("\\$PWD", "$PWD"),
        ("\\\\$PWD", "\\/home"), ("\"\\$PWD\"", "$PWD"), ("'$PWD'", "$PWD"),
        ("\"'$PWD'\"", "'/home'"),
        ("\\${}", "${}"), ("a'b'\"c\"d", "abcd"), ("''", ""), ("\"\"x", "x"),
        ("안\\'녕", "안'녕"), ("'안'녕", "안녕"),
        // A combining mark behind a quote or a dollar sign hides neither.
        ("\"a\"\u{301}", "a\u{301}"), ("$PWD\u{301}", "/home\u{301}"),
    ])
    func quotesAndEscapesAreRemoved(word: String, expected: String) throws {
        #expect(try expand(word) == expected)
    }

    @Test(arguments: [
        ("${F#*/}", "lib.rs.in"), ("${F#src}", "/lib.rs.in"), ("${F#x}", "src/lib.rs.in"),
        ("${F##*.}", "in"), ("${F#*.}", "rs.in"), ("${F%.*}", "src/lib.rs"),
        ("${F%%.*}", "src/lib"),
        ("${F%x}", "src/lib.rs.in"), ("${F#?}", "rc/lib.rs.in"), ("${F#*}", "src/lib.rs.in"),
        ("${F##*}", ""), ("${F#}", "src/lib.rs.in"), ("${S#a\\*}", "b?c"), ("${S%\\?c}", "a*b"),
        ("${F/r/R}", "sRc/lib.rs.in"), ("${F//r/R}", "sRc/lib.Rs.in"), ("${F/.*/}", "src/lib"),
        ("${F//./}", "src/librsin"),
        ("${URL/http:\\/\\//https:\\/\\/}", "https:\\/\\/x.example/a/b"),
        ("${F//\\//-}", "src-lib.rs.in"), ("${F/nope/x}", "src/lib.rs.in"), ("${NO/a/b}", ""),
        ("${NO#x}", ""), ("${URL%/*}", "http://x.example/a"), ("${URL##*/}", "b"),
        ("${F#$EMPTY}", "src/lib.rs.in"), ("${F%%*}", ""),
    ])
    func patternsCutAndReplace(word: String, expected: String) throws {
        #expect(try expand(word) == expected)
    }

    @Test(arguments: [
        ("he'llo", ExpansionFault.unbalancedQuote("'")), ("\"x", .unbalancedQuote("\"")),
        ("\"x\\\"", .unbalancedQuote("\"")), ("${", .missingBrace), ("${PWD", .missingBrace),
        ("${PWD:-x", .missingBrace), ("${PWD:-x ${NO}", .missingBrace), ("${}", .badSubstitution),
        ("${{x}", .badSubstitution), ("${:-x}", .badSubstitution), ("${.}", .unknownModifier(".")),
        ("${PWD:=x}", .unknownModifier(":=")), ("${PWD:x}", .unknownModifier(":x")),
        ("${PWD=x}", .unknownModifier("=")), ("${PWD:#x}", .unknownModifier(":#")),
        ("${PWD:%x}", .unknownModifier(":%")), ("${PWD/x}", .missingSlash),
        ("${NO?}", .required("NO", message: "")),
        ("${NO:?give $SHELL}", .required("NO", message: "give bash")),
        ("${EMPTY:?}", .required("EMPTY", message: "")), ("${PWD#\\x}", .badPattern("\\x")),
    ])
    func whatIsNoSubstitutionIsRefused(word: String, fault: ExpansionFault) {
        #expect(throws: fault) { _ = try expand(word) }
    }

    @Test func theDirectiveChoosesTheEscape() throws {
        #expect(try expand("c:\\x`$PWD`\"", escape: "`") == "c:\\x$PWD\"")
    }

    @Test func hereDocumentsKeepTheirQuotes() throws {
        let expansion = WordExpansion(Self.variables, escape: "\\", readsQuotes: false)
        #expect(try expansion.expand("it's \"$PWD\"\n\\$PWD") == "it's \"/home\"\n$PWD")
    }

    // Each line of such a file doubles the one before.
    @Test func wordsDoNotGrowWithoutLimit() throws {
        let long = String(repeating: "x", count: WordExpansion.maximumLength)
        let expansion = WordExpansion(["A": long], escape: "\\")
        #expect(throws: ExpansionFault.tooLong(limit: WordExpansion.maximumLength)) {
            _ = try expansion.expand("$A$A")
        }
        #expect(throws: ExpansionFault.tooLong(limit: WordExpansion.maximumLength)) {
            _ = try expansion.expand("${A//x/y}")
        }
        #expect(throws: ExpansionFault.tooLong(limit: WordExpansion.maximumLength)) {
            _ = try expansion.expand("${A%%" + String(repeating: "*x", count: 200) + "y}")
        }
    }

    @Test func wordsDoNotNestWithoutLimit() {
        let word = String(repeating: "${NO:-", count: 100_000)
        #expect(throws: ExpansionFault.tooDeep) { _ = try expand(word) }
    }
}
