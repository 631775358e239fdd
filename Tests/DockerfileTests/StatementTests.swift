// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Testing

@testable import Dockerfile

@Suite struct StatementTests {
    private func keys(_ text: String, _ arguments: [String: String] = [:]) throws -> [Digest] {
        try plan(text, BuildArguments(arguments, platform: amd64)).stages.flatMap(\.operations)
            .map(\.statement)
    }

    @Test func keysChangeWithWhatAStepDependsOn() throws {
        let first = try keys("FROM a\nARG A=1\nRUN x")
        #expect(try keys("FROM a\n# new\nARG A=1\n\nRUN   x") == first)
        #expect(try keys("FROM a\nARG A=1\nRUN x", ["A": "1"]) == first)
        for other in [
            "FROM a\nARG A=2\nRUN x", "FROM a\nARG A=1\nRUN y", "FROM a\nARG A=1\nUSER u\nRUN x",
            "FROM a\nARG A=1\nRUN [\"x\"]", "FROM a\nARG A=1\nRUN --network=none x",
            "FROM a\nARG A=1\nSHELL [\"y\"]\nRUN x", "FROM a\nRUN x",
            "FROM a\nARG A=1\nRUN --mount=target=/x x",
        ] {
            #expect(try keys(other) != first, "\(other)")
        }
        #expect(try keys("FROM a\nARG A=1\nRUN x", ["http_proxy": "p"]) == first)
    }

    @Test func keysOfCopiesChangeWithTheirFlags() throws {
        let texts = [
            "COPY a b", "COPY a c", "COPY c b", "COPY --chown=1 a b", "COPY --chmod=1 a b",
            "COPY --link a b",
            "COPY --parents a b", "COPY --exclude=x a b", "ADD a b", "COPY [\"a b\", \"c\"]",
            "COPY a b c",
            "COPY <<a b\nx\na", "COPY <<a b\ny\na",
        ]
        let all = try texts.flatMap { try keys("FROM x\n\($0)") }
        #expect(Set(all).count == texts.count)
    }

    @Test func inputsNameWhatElseCounts() throws {
        let text =
            "FROM b AS s\nFROM a\nCOPY x y\nCOPY --from=s x y\nCOPY <<E y\nE\n"
            + "RUN --mount=from=c,target=/c --mount=type=cache,target=/d x\nADD https://x/y z"
        let operations = try #require(try plan(text).stages.last).operations
        #expect(
            operations.map(\.inputs)
                == [[.context], [.stage(0)], [], [.image(try image("c"))], []]
        )
    }
}
