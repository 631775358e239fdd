// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import Dockerfile

@Suite struct InstructionTests {
    private func values(_ pairs: [(String, String)]) -> [NamedValue] {
        pairs.map { NamedValue(name: $0.0, value: $0.1) }
    }

    @Test(
        arguments: [
            ("FROM a", "a", nil, nil), ("FROM a AS b", "a", "b", nil),
            ("from a as B", "a", "b", nil),
            ("FROM --platform=$BUILDPLATFORM a:1 AS b-c.d_e", "a:1", "b-c.d_e", "$BUILDPLATFORM"),
            ("FROM $BASE", "$BASE", nil, nil),
            ("FROM ${BASE:-a}@sha256:x", "${BASE:-a}@sha256:x", nil, nil),
        ] as [(String, String, String?, String?)]
    )
    func stagesHaveABaseAndMayHaveANameAndAPlatform(
        text: String,
        base: String,
        name: String?,
        platform: String?
    ) throws {
        let stage = try read(text).stages[0]
        #expect(stage.base == base)
        #expect(stage.name == name)
        #expect(stage.platform == platform)
    }

    @Test func argumentsBeforeTheFirstStageAreTheirOwn() throws {
        let file = try read("ARG A\nARG B=1 C=\"2 3\"\nFROM a\nARG D\n")
        #expect(file.arguments.flatMap(\.value).map(\.name) == ["A", "B", "C"])
        #expect(file.arguments.flatMap(\.value).map(\.value) == [nil, "1", "\"2 3\""])
        #expect(file.stages[0].instructions.count == 1)
    }

    @Test(arguments: [
        ("ENV A=1", [("A", "1")]), ("ENV A=1 B=2", [("A", "1"), ("B", "2")]),
        ("ENV A b  c", [("A", "b  c")]),
        ("ENV A=\"b c\" D='e f'", [("A", "\"b c\""), ("D", "'e f'")]),
        ("ENV A=b\\ c", [("A", "b\\ c")]),
        ("ENV A=b=c", [("A", "b=c")]), ("ENV A=", [("A", "")]),
        ("ENV A \"b=c\"", [("A", "\"b=c\"")]),
        ("ENV A=\"b\\\"c\" D=e", [("A", "\"b\\\"c\""), ("D", "e")]),
        ("ENV A=1 \\\n  # two\n  B=2", [("A", "1"), ("B", "2")]),
        ("ENV A=\"x\"y\"z\"", [("A", "\"x\"y\"z\"")]),
    ])
    func variablesComeInTwoForms(text: String, expected: [(String, String)]) throws {
        #expect(try instructions(text) == [.env(values(expected))])
        let label = "LABEL" + text.dropFirst(3)
        #expect(try instructions(label) == [.label(values(expected))])
    }

    @Test(arguments: [
        ("CMD a b", Instruction.cmd(.shell("a b"))),
        ("CMD [\"a\", \"b\"]", .cmd(.exec(["a", "b"]))),
        ("CMD [\"\\u00e9\\\"\"]", .cmd(.exec(["é\""]))), ("CMD []", .cmd(.exec([]))),
        ("CMD", .cmd(.shell(""))),
        // What is no JSON is a line for the shell.
        ("CMD ['a']", .cmd(.shell("['a']"))), ("CMD [\"a\" \"b\"]", .cmd(.shell("[\"a\" \"b\"]"))),
        ("CMD [ -f /x ]", .cmd(.shell("[ -f /x ]"))), ("CMD [\"a\"", .cmd(.shell("[\"a\""))),
        ("ENTRYPOINT [\"/x\"]", .entrypoint(.exec(["/x"]))),
        ("ENTRYPOINT x", .entrypoint(.shell("x"))),
        ("SHELL [\"/bin/bash\", \"-c\"]", .shell(["/bin/bash", "-c"])),
        ("WORKDIR /a b", .workdir("/a b")), ("USER a:b", .user("a:b")),
        ("STOPSIGNAL 9", .stopSignal("9")),
        ("EXPOSE 80 443/tcp", .expose(["80", "443/tcp"])), ("VOLUME /a /b", .volume(["/a", "/b"])),
        ("VOLUME [\"/a b\"]", .volume(["/a b"])),
        ("MAINTAINER me <me@example.org>", .maintainer("me <me@example.org>")),
        ("ARG A=$B C", .arg([.init(name: "A", value: "$B"), .init(name: "C", value: nil)])),
        ("HEALTHCHECK NONE", .healthcheck(.none)),
        (
            "HEALTHCHECK --interval=1m30s --timeout=1.5s --retries=3 CMD a b",
            .healthcheck(.command(.shell("a b")))
        ),
        ("HEALTHCHECK CMD [\"a\"]", .healthcheck(.command(.exec(["a"])))),
        ("ONBUILD RUN a", .onBuild("RUN a")), ("onbuild copy a b", .onBuild("copy a b")),
        ("ONBUILD RUN cat <<E\nx\nE", .onBuild("RUN cat <<E\nx\nE")),
    ])
    func instructionsAreTyped(text: String, expected: Instruction) throws {
        #expect(try instructions(text) == [expected])
    }

    @Test func copiesHaveSourcesDocumentsAndFlags() throws {
        let text = """
            COPY --from=a --chown=u:g --chmod=0755 --link --parents --exclude=*.o --exclude=b a* b <<X <<'Y' /d/
            $x
            X
            $y
            Y
            """
        guard case .copy(let copy) = try instructions(text)[0] else {
            Issue.record("no COPY")
            return
        }
        #expect(copy.from == "a")
        #expect(copy.keepsParents)
        #expect(copy.transfer.sources == ["a*", "b"])
        #expect(copy.transfer.documents.map(\.text) == ["$x\n", "$y\n"])
        #expect(copy.transfer.documents.map(\.expands) == [true, false])
        #expect(copy.transfer.destination == "/d/")
        #expect(copy.transfer.owner == "u:g")
        #expect(copy.transfer.mode == "0755")
        #expect(copy.transfer.isLinked)
        #expect(copy.transfer.excluded == ["*.o", "b"])
    }

    @Test func copiesCanBeWrittenAsArrays() throws {
        guard case .copy(let copy) = try instructions("COPY [\"a b\", \"c\", \"/d e/\"]")[0] else {
            Issue.record("no COPY")
            return
        }
        #expect(copy.transfer.sources == ["a b", "c"])
        #expect(copy.transfer.destination == "/d e/")
    }

    @Test(arguments: [
        ("RUN", DockerfileFault.arguments(instruction: "RUN", expected: .some)),
        ("RUN []", .arguments(instruction: "RUN", expected: .some)),
        ("RUN [\"a\", 1]", .notStrings("RUN")), ("RUN [[\"a\"]]", .notStrings("RUN")),
        ("COPY a", .arguments(instruction: "COPY", expected: .sourcesAndDestination)),
        ("ADD", .arguments(instruction: "ADD", expected: .sourcesAndDestination)),
        ("COPY --from=$A a b", .variableInFrom("$A")),
        ("COPY https://x/y /z", .urlInCopy("https://x/y")),
        ("COPY a <<E\nE", .heredocDestination), ("COPY <<a/b /x\na/b", .heredocName("a/b")),
        ("COPY <<.. /x\n..", .heredocName("..")),
        ("ADD --keep-git-dir=true https://x/y.git /z", .unsupported("ADD --keep-git-dir")),
        ("ADD --checksum=sha256:0 a b /c/", .checksumWithoutURL),
        ("RUN --security=insecure a", .unsupported("RUN --security")),
        ("RUN --device=x a", .unsupported("RUN --device")),
        ("RUN --network=vpn a", .network("vpn")),
        ("RUN --mount=type=bind,nope=1 a", .mount(.unknownKey("nope"))),
        ("RUN --mount=target a", .mount(.noValue("target"))),
        ("RUN --mount=from=$A,target=/x a", .mount(.variableInFrom("$A"))),
        ("RUN --mount a", .flagWithoutValue("mount")),
        ("COPY --link=maybe a b", .flagNotBoolean("link")),
        ("COPY --from=a --from=b c d", .repeatedFlag("from")),
        ("ENV", .arguments(instruction: "ENV", expected: .some)),
        ("ENV A", .arguments(instruction: "ENV", expected: .nameAndValue)),
        ("ENV =a", .blankName(instruction: "ENV")),
        ("ENV A=1 B", .noEqualsSign("B")), ("ARG", .arguments(instruction: "ARG", expected: .some)),
        ("ARG =a", .blankName(instruction: "ARG")),
        ("ENV --x A=1", .unknownFlag("x", instruction: "ENV")),
        ("SHELL /bin/sh -c", .notAnArray("SHELL")),
        ("SHELL []", .arguments(instruction: "SHELL", expected: .some)),
        ("VOLUME [\"\"]", .emptyVolume),
        ("WORKDIR", .arguments(instruction: "WORKDIR", expected: .one)),
        ("HEALTHCHECK PING", .healthcheckKind("PING")),
        ("HEALTHCHECK NONE x", .arguments(instruction: "HEALTHCHECK", expected: .one)),
        ("HEALTHCHECK --interval=soon CMD a", .duration("soon", flag: "interval")),
        ("HEALTHCHECK --retries=-1 CMD a", .retries("-1")),
        ("HEALTHCHECK CMD", .arguments(instruction: "HEALTHCHECK", expected: .some)),
        ("ONBUILD", .arguments(instruction: "ONBUILD", expected: .some)),
        ("ONBUILD ONBUILD RUN a", .trigger("ONBUILD")),
        ("ONBUILD FROM a", .trigger("FROM")), ("ONBUILD NOPE", .unknownInstruction("NOPE")),
        ("INCLUDE a", .unknownInstruction("INCLUDE")),
        ("R\u{301}UN a", .unknownInstruction("R\u{301}UN".uppercased())),
    ])
    func whatMeansNothingIsRefused(text: String, expected: DockerfileFault) {
        #expect(fault("FROM scratch\n\(text)\n")?.fault == expected)
    }

    @Test(arguments: [
        ("0644", UInt32(0o100), false, UInt32(0o644)), ("755", 0o4600, true, 0o755),
        ("u+x", 0o644, false, 0o744),
        ("go-w", 0o666, false, 0o644), ("a=r", 0o777, false, 0o444), ("+X", 0o644, false, 0o644),
        ("+X", 0o644, true, 0o755), ("+X", 0o744, false, 0o755),
        ("u=rwx,go=rX", 0o700, true, 0o755),
        ("u+s,o+t", 0o755, false, 0o5755), ("=", 0o777, false, 0),
    ])
    func modesAreOctalOrSymbolic(text: String, mode: UInt32, isDirectory: Bool, expected: UInt32)
        throws
    {
        #expect(
            try #require(FileMode(text)).applied(to: mode, isDirectory: isDirectory) == expected
        )
    }

    @Test(arguments: ["", "u", "9", "10000", "u+y", "z+x", "u+x,", "+7"])
    func otherModesAreRefused(text: String) {
        #expect(FileMode(text) == nil)
    }
}
