// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import DebianArchive

@Suite struct RelationTests {
    @Test func everyPartOfARelationIsRead() throws {
        let text = """
            libc6 (>= 2.36), python3:any (<< 3.12~) | python3.11 , gcc:i386 (= 4:12.2.0-3),
             perl(>>5)|awk,
             libfoo-dev [amd64 !i386] <!nocheck> <cross stage1>
            """
        let list = try Dependency.list(text, field: "Depends")
        #expect(
            list.map(\.description) == [
                "libc6 (>= 2.36)", "python3:any (<< 3.12~) | python3.11", "gcc:i386 (= 4:12.2.0-3)",
                "perl (>> 5) | awk", "libfoo-dev",
            ]
        )
        let last = try #require(list.last?.alternatives.first)
        #expect(
            last.restrictions == [.init("amd64", isNegated: false), .init("i386", isNegated: true)]
        )
        #expect(last.profiles.count == 2)
    }

    /// deb-control(5): the single signs are obsolete and include equality.
    @Test func obsoleteSignsIncludeEquality() throws {
        let list = try Dependency.list("aa (< 1), bb (> 1)", field: "Depends")
        #expect(
            list.compactMap { $0.alternatives[0].constraint?.comparison } == [.atMost, .atLeast]
        )
    }

    @Test(arguments: ["aa, ", "", " ", "aa,\n bb"])
    func emptyAndOpenEndsAreNone(text: String) throws {
        let count = text.filter(\.isLetter).count / 2
        #expect(try Dependency.list(text, field: "Depends").count == count)
    }

    @Test(arguments: [
        "a", "AA", "aa bb", "aa |", "| aa", "aa, , bb", "aa (1)", "aa (>= )", "aa (>= 1",
        "aa (=> 1)", "aa (== 1)",
        "aa (>= ../1)", "aa:", "aa:an/y", "aa [", "aa [am/d64]", "aa <>", "../aa", "-aa",
        "aa (>= 1) (<< 2)", "aa\u{0}",
        "aa;rm", "aa=1", "${shlibs:Depends}",
    ])
    func whatIsNoRelationIsRefused(text: String) {
        #expect(throws: ControlError.self) { try Dependency.list(text, field: "Depends") }
    }
}
