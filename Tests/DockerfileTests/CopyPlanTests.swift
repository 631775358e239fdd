// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Testing

@testable import Dockerfile

@Suite struct CopyPlanTests {
    @Test(arguments: [
        ("/b", "/b"), ("b", "/w/b"), (".", "/w/"), ("./", "/w/"), ("b/", "/w/b/"), ("/", "/"),
        ("..", "/"),
        ("/b/../c/", "/c/"), ("$D", "/d e"), ("${D}/", "/d e/"), ("/b/.", "/b/"),
    ])
    func destinationsAreSeenFromTheWorkingDirectory(text: String, expected: String) throws {
        let plan = try plan("FROM a\nENV D=\"/d e\"\nWORKDIR /w\nCOPY x \(text)")
        #expect(copies(plan).first?.destination == expected)
    }

    @Test func copiesAreExpandedButForQuotedDocuments() throws {
        let text = """
            FROM a
            ARG V=1
            COPY --chown=$V:$V --chmod=7$V$V src-$V <<A <<'B' /d/
            "$V" \\$V
            A
            $V
            B
            """
        let step = try #require(copies(try plan(text)).first)
        #expect(step.owner == "1:1")
        #expect(step.mode == .octal(0o711))
        #expect(
            step.sources == [
                .path("src-1"), .document(name: "A", content: "\"1\" $V\n"),
                .document(name: "B", content: "$V\n"),
            ]
        )
    }

    @Test func downloadsHaveANameAndMayHaveAChecksum() throws {
        let digest = Digest.of([])
        let plan = try plan(
            "FROM a\nARG V=2\nADD --checksum=\(digest) https://x.example/y/z-$V.tar.gz?q /d/\n"
                + "ADD http://x.example/ /e/\nADD --unpack=true https://x.example/a.tar /f/\nADD a.tar /g/"
        )
        let steps = copies(plan)
        #expect(
            steps[0].sources == [
                .url(
                    .init(
                        url: "https://x.example/y/z-2.tar.gz?q",
                        checksum: digest,
                        name: "z-2.tar.gz"
                    )
                )
            ]
        )
        #expect(
            steps[1].sources
                == [.url(.init(url: "http://x.example/", checksum: nil, name: "__unnamed__"))]
        )
        #expect(steps.map(\.unpacks) == [.local, .local, .all, .local])
    }

    @Test(arguments: [
        ("ADD --checksum=md5:1 https://x/y /z", DockerfileFault.checksum("md5:1")),
        ("ADD --checksum=sha256:0 y /z", .checksum("sha256:0")),
        ("COPY --chmod=rw a b", .mode("rw")),
        ("ADD https://x/y.git /z", .unsupported("ADD https://x/y.git")),
        ("ADD git@x.example:y/z.git /z", .unsupported("ADD git@x.example:y/z.git")),
        ("ENV U=http://x/y\nCOPY $U /z", .urlInCopy("http://x/y")),
        ("STOPSIGNAL SIGNOPE", .signal("SIGNOPE")),
        ("EXPOSE ${x", .expansion(.missingBrace)), ("STOPSIGNAL 65", .signal("65")),
    ])
    func whatShowsWhenExpandedIsRefused(text: String, expected: DockerfileFault) {
        #expect(planFault("FROM scratch\n\(text)") == expected)
    }

    @Test(arguments: ["SIGTERM", "term", "9", "SIGRTMIN+3", "RTMAX-1", "$S"])
    func signalsHaveNamesAndNumbers(word: String) throws {
        #expect(planFault("FROM scratch\nENV S=15\nSTOPSIGNAL \(word)") == nil)
    }
}
