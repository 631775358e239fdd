// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Testing

@testable import Dockerfile

@Suite struct CrossArgumentTests {
    @Test func crossNamesItsImageAndTheArchitecture() throws {
        let text =
            "ARG CROSS_BASE_IMAGE\nFROM $CROSS_BASE_IMAGE\nARG CROSS_DEB_ARCH\nARG VERBOSE\nRUN x"
        let arguments = BuildArguments(
            ["CROSS_BASE_IMAGE": "theirs", "X": "1"],
            baseImage: "ghcr.io/cross-rs/t:main",
            debianArchitecture: "arm64",
            isVerbose: true,
            platform: amd64
        )
        let plan = try plan(text, arguments)
        #expect(plan.stages[0].base == .image(try image("ghcr.io/cross-rs/t:main")))
        #expect(
            programs(plan)[0].environment.filter { !$0.hasPrefix("PATH=") } == [
                "CROSS_DEB_ARCH=arm64", "VERBOSE=1",
            ]
        )
        #expect(plan.unusedArguments == ["X"])
    }

    // A target may have no image, and Debian no name for its architecture.
    @Test func whatCrossDoesNotHaveItDoesNotGive() throws {
        let arguments = BuildArguments(
            [:],
            baseImage: nil,
            debianArchitecture: nil,
            platform: amd64
        )
        let plan = try plan(
            "ARG CROSS_BASE_IMAGE=mine\nFROM $CROSS_BASE_IMAGE\nARG CROSS_DEB_ARCH\nRUN x",
            arguments
        )
        #expect(plan.stages[0].base == .image(try image("mine")))
        #expect(!programs(plan)[0].environment.contains { $0.hasPrefix("CROSS_DEB_ARCH") })
        #expect(
            throws: DockerfileError(.emptyBase("$CROSS_BASE_IMAGE"), at: .init(line: 1, column: 1))
        ) {
            _ = try Self.planWithCross("FROM $CROSS_BASE_IMAGE")
        }
    }

    private static func planWithCross(_ text: String) throws -> BuildPlan {
        try plan(
            text,
            BuildArguments([:], baseImage: "i", debianArchitecture: nil, platform: amd64)
        )
    }
}
