// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import OCIRegistry

@Suite struct ChallengeTests {
    static let table: [(String, [Challenge])] = [
        ("", []),
        ("Basic realm=\"r\"", [Challenge(scheme: "basic", parameters: ["realm": "r"])]),
        ("Basic", [Challenge(scheme: "basic", parameters: [:])]),
        (
            #"Bearer realm="https://a/t",service="s,x=1",scope="repository:a/b:pull,push""#,
            [
                Challenge(
                    scheme: "bearer",
                    parameters: [
                        "realm": "https://a/t", "service": "s,x=1",
                        "scope": "repository:a/b:pull,push",
                    ]
                )
            ]
        ),
        // Several in one header, with blanks in every place that allows them.
        (
            #"Negotiate, Basic realm = "a\"b" , BEARER Realm=https , ,service=x"#,
            [
                Challenge(scheme: "negotiate", parameters: [:]),
                Challenge(scheme: "basic", parameters: ["realm": "a\"b"]),
                Challenge(scheme: "bearer", parameters: ["realm": "https", "service": "x"]),
            ]
        ),
        // Of a name that comes twice, the first counts.
        (
            #"Bearer realm="a",realm="b""#,
            [Challenge(scheme: "bearer", parameters: ["realm": "a"])]
        ),
        // What is malformed ends it.
        (#"realm="a""#, []),
        (#"Bearer realm="a"#, [Challenge(scheme: "bearer", parameters: [:])]),
        (#"Bearer realm="a\"#, [Challenge(scheme: "bearer", parameters: [:])]),
        (#"Bearer realm=,service=x"#, [Challenge(scheme: "bearer", parameters: [:])]),
        ("\u{0}\u{1}", []),
    ]

    @Test(arguments: table.indices)
    func aHeaderHoldsTheseChallenges(_ index: Int) {
        let (header, challenges) = Self.table[index]
        #expect(Challenge.parse(header) == challenges)
    }
}
