// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Testing

@testable import Dockerfile

@Suite struct PlanTests {
    // MARK: Stages

    private let chain = """
        FROM a AS one
        RUN 1
        FROM b AS two
        RUN 2
        FROM one AS three
        RUN 3
        FROM c
        COPY --from=three /x /y
        """

    @Test(
        arguments: [
            (nil, [0, 2, 3]), ("three", [0, 2]), ("TWO", [1]), ("one", [0]), ("0", [0]),
            ("3", [0, 2, 3]),
        ] as [(String?, [Int])]
    )
    func onlyWhatTheTargetNeedsIsPlanned(target: String?, expected: [Int]) throws {
        #expect(try plan(chain, target: target).stages.map(\.index) == expected)
    }

    @Test func imagesAreAskedForOnceAndOnlyWhereNeeded() throws {
        let text =
            "FROM a AS x\nFROM b\nFROM a\nCOPY --from=d / /\nCOPY --from=x / /\n"
            + "RUN --mount=from=e,target=/e 1"
        let planner = try BuildPlanner(try read(text), arguments: BuildArguments(platform: amd64))
        guard case .needs(let images) = try planner.plan() else {
            Issue.record("nothing needed")
            return
        }
        #expect(Set(images) == [try image("a"), try image("d"), try image("e")])
        #expect(images.count == 3)
    }

    @Test func anUnknownStageIsAnError() {
        #expect(
            planFault(chain, target: "four")
                == .unknownStage("four", known: ["one", "two", "three"])
        )
    }

    @Test(arguments: [
        ("FROM a AS x\nCOPY --from=y / /\nFROM b AS y\nFROM x", DockerfileFault.laterStage("y")),
        ("FROM a\nCOPY --from=1 / /", .laterStage("1")),
        ("FROM a\nCOPY --from=0 / /", .laterStage("0")),
        ("FROM a AS x\nRUN --mount=from=x,target=/y 1", .laterStage("x")),
        ("FROM $NOTHING", .emptyBase("$NOTHING")), ("FROM --platform=$NOTHING a", .platform("")),
        ("FROM A", .reference("A", .invalidRepository("A"))),
        ("FROM ${x", .expansion(.missingBrace)),
        ("ARG A=\"${B?say it}\"\nFROM a", .expansion(.required("B", message: "say it"))),
    ])
    func stagesReferToWhatIsThere(text: String, expected: DockerfileFault) {
        #expect(planFault(text) == expected)
    }

    @Test func stagesThatAreNotNeededMayBeWrong() throws {
        #expect(try plan("FROM $NOTHING AS x\nFROM a").stages.map(\.index) == [1])
    }

    @Test func basesMayBeScratchStagesAndImages() throws {
        let plan = try plan(
            "FROM scratch AS x\nFROM x AS y\nFROM --platform=linux/arm64 z\nCOPY --from=y / /"
        )
        #expect(plan.stages[0].base == .scratch)
        #expect(plan.stages[1].base == .stage(0))
        let arm64 = Platform(os: "linux", architecture: "arm64")
        #expect(plan.stages[2].base == .image(try image("z", arm64)))
    }

    @Test(arguments: [
        ("linux/amd64", "linux/amd64"), ("linux/arm64/v8", "linux/arm64"),
        ("linux/arm/v7", "linux/arm/v7"),
        ("aarch64", "linux/arm64"), ("Linux/x86_64", "linux/amd64"),
    ])
    func platformsAreInGosSpelling(text: String, expected: String) throws {
        #expect(Platform(text)?.description == expected)
    }

    // MARK: Variables

    @Test(
        arguments: [
            // Before the first FROM only FROM lines see it, unless a stage asks.
            ("ARG A=1\nFROM a\nRUN x", nil), ("ARG A=1\nFROM a\nARG A\nRUN x", "1"),
            ("ARG A=1\nFROM a\nARG A=2\nRUN x", "2"), ("FROM a\nARG A\nRUN x", nil),
            ("FROM a\nARG A=$B\nRUN x", ""), ("FROM a\nARG B=2 A=$B\nRUN x", "2"),
            ("FROM a\nARG A=1\nENV A=2\nRUN x", "2"), ("FROM a\nENV A=2\nARG A=1\nRUN x", "1"),
            ("FROM a\nENV B=1\nENV B=2 A=$B\nRUN x", "1"), ("FROM a\nRUN x\nENV A=1", nil),
            ("FROM a AS b\nARG A=1\nFROM b\nRUN x", "1"),
            ("FROM a AS b\nENV A=1\nFROM b\nRUN x", "1"),
            ("FROM a\nENV A='$B' B=1\nRUN x", "$B"), ("FROM a\nENV A \"b c\"\nRUN x", "b c"),
            ("FROM a\nARG TARGETARCH\nARG A=$TARGETARCH\nRUN x", "amd64"),
            ("FROM a\nARG A=$TARGETARCH\nRUN x", ""),
            ("ARG A=${TARGETPLATFORM}\nFROM a\nARG A\nRUN x", "linux/amd64"),
            ("FROM a AS b\nARG TARGETSTAGE\nARG A=$TARGETSTAGE\nRUN x", "b"),
        ] as [(String, String?)]
    )
    func variablesHaveTheirScope(text: String, expected: String?) throws {
        let step = try #require(programs(try plan(text)).last)
        #expect(step.environment.first { $0.hasPrefix("A=") } == expected.map { "A=\($0)" })
    }

    @Test func buildArgumentsWinOverDefaultsWhereDeclared() throws {
        let text = "ARG A=1\nFROM a:$A\nARG A=2\nARG B=3\nRUN x"
        let arguments = BuildArguments(["A": "9", "C": "8", "http_proxy": "p"], platform: amd64)
        let plan = try plan(text, arguments)
        #expect(plan.stages[0].base == .image(try image("a:9")))
        let step = try #require(programs(plan).first)
        let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        #expect(step.environment == ["A=9", "B=3", path])
        #expect(step.proxies == ["http_proxy=p"])
        #expect(plan.unusedArguments == ["C"])
    }

    @Test func theDefaultsOfBaseImagesCount() throws {
        let base = ImageConfiguration(
            environment: ["PATH=/x", "A=1"],
            entrypoint: ["/e"],
            command: ["c"],
            workingDirectory: "/w",
            user: "u",
            labels: ["l": "1"],
            shell: ["/bin/bash", "-ec"]
        )
        let plan = try plan(
            "FROM a\nENV B=$A:$PATH\nWORKDIR x\nRUN y\nLABEL m=$A\nCMD z",
            image: base
        )
        let step = try #require(programs(plan).first)
        #expect(step.arguments == ["/bin/bash", "-ec", "y"])
        #expect(step.user == "u")
        #expect(step.workingDirectory == "/w/x")
        #expect(plan.configuration.environment == ["PATH=/x", "A=1", "B=1:/x"])
        #expect(plan.configuration.labels == ["l": "1", "m": "1"])
        #expect(plan.configuration.entrypoint == ["/e"])
        #expect(plan.configuration.command == ["/bin/bash", "-ec", "z"])
        #expect(plan.configuration.workingDirectory == "/w/x")
    }

    @Test(arguments: [
        ("CMD a\nENTRYPOINT [\"b\"]", ["b"], ["/bin/sh", "-c", "a"]),
        ("ENTRYPOINT [\"b\"]", ["b"], []),
        ("ENTRYPOINT [\"b\"]\nCMD [\"a\"]", ["b"], ["a"]), ("ENTRYPOINT []", [], []),
        ("CMD []", ["e"], []),
        ("SHELL [\"x\"]\nCMD a", ["e"], ["x", "a"]),
        ("ENTRYPOINT a b", ["/bin/sh", "-c", "a b"], []),
    ])
    func anEntrypointResetsTheBasesCommand(text: String, entrypoint: [String], command: [String])
        throws
    {
        let base = ImageConfiguration(entrypoint: ["e"], command: ["c"])
        let configuration = try plan("FROM a\n\(text)", image: base).configuration
        #expect(configuration.entrypoint == entrypoint)
        #expect(configuration.command == command)
    }

    @Test(arguments: [
        ("WORKDIR a", "/a"), ("WORKDIR /a\nWORKDIR b", "/a/b"), ("WORKDIR /a/../b/./c/", "/b/c"),
        ("WORKDIR /a\nWORKDIR ..", "/"), ("ENV D=/d\nWORKDIR $D/e", "/d/e"),
        ("WORKDIR ../../x", "/x"),
    ])
    func directoriesAreRelativeToTheLast(text: String, expected: String) throws {
        #expect(try plan("FROM a\n\(text)").configuration.workingDirectory == expected)
    }

    @Test func workingDirectoriesAreMadeAsTheUser() throws {
        let operations = try plan("FROM a\nUSER u\nWORKDIR /x\nWORKDIR /").stages[0].operations
        #expect(operations.map(\.action) == [.makeDirectory(path: "/x", user: "u")])
    }

    // MARK: Triggers

    @Test func triggersOfAnImageRunFirstAndOnce() throws {
        let base = ImageConfiguration(onBuild: ["RUN first", "COPY --from=other /a /b"])
        let text = "FROM a AS x\nRUN second\nFROM x\nRUN third"
        let planner = try BuildPlanner(try read(text), arguments: BuildArguments(platform: amd64))
        let known = [try image("a"): base]
        #expect(try planner.plan(knowing: known) == .needs([try image("other")]))
        let all = known.merging([try image("other"): ImageConfiguration()]) { $1 }
        guard case .complete(let plan) = try planner.plan(knowing: all) else {
            Issue.record("not complete")
            return
        }
        #expect(programs(plan).map(\.arguments.last) == ["first", "second", "third"])
        #expect(plan.configuration.onBuild.isEmpty)
    }

    @Test func triggersOfAStageAreForThoseWhoBuildOnIt() throws {
        let plan = try plan("FROM a AS x\nONBUILD RUN later\nRUN now\nFROM x\nRUN last")
        #expect(programs(plan).map(\.arguments.last) == ["now", "later", "last"])
        #expect(plan.stages[0].configuration.onBuild == ["RUN later"])
        #expect(plan.stages[1].configuration.onBuild.isEmpty)
    }

    @Test(arguments: ["FROM x", "ONBUILD RUN x", "RUN a\nRUN b", "", "NOPE", "RUN <<E"])
    func aTriggerIsOneInstruction(text: String) {
        #expect(throws: DockerfileError(.foreignTrigger(text), at: .init(line: 1, column: 1))) {
            _ = try plan("FROM a", image: ImageConfiguration(onBuild: [text]))
        }
    }

}
