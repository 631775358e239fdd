// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: reference of cross-rs's configuration, precedence, row by row.

import SystemPackage
import Testing

@testable import cross

/// Who has the last word on a key.
@Suite struct PrecedenceTests {
    private static let triple = "aarch64-unknown-linux-gnu"
    private static let own = "CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU"

    private func configuration(
        _ toml: String,
        _ variables: [String: String] = [:]
    ) throws -> Configuration {
        Configuration(
            document: try CrossToml(toml, file: FilePath("/p/Cross.toml")),
            variables: variables,
            directory: FilePath("/p")
        )
    }

    /// A key of both sections, its variables, and how its values read and are written in a file.
    struct Key: CustomTestStringConvertible {
        let reader: SettingVariableTests.Reader
        let variable: (build: String, own: String)
        /// Has `@` where the value is.
        let toml: String
        let expected: String

        init(
            _ reader: SettingVariableTests.Reader,
            _ end: String,
            _ toml: String,
            _ expected: String = "@",
            build: String? = nil
        ) {
            self.reader = reader
            variable = (build ?? "CROSS_BUILD_\(end)", "\(PrecedenceTests.own)_\(end)")
            self.toml = toml
            self.expected = expected
        }

        var testDescription: String { reader.name }
    }

    private static let general = [
        Key(.buildStd, "BUILD_STD", "build-std = [\"@\"]", build: "CROSS_BUILD_STD"),
        Key(.zig, "ZIG_VERSION", "zig = { enable = true, version = \"@\" }"),
        Key(.preBuild, "PRE_BUILD", "pre-build = [\"@\"]", "lines([\"@\"])"),
        Key(.file, "DOCKERFILE", "dockerfile = \"@\"", "/p/@"),
        Key(.volumes, "ENV_VOLUMES", "env.volumes = [\"@\"]"),
        Key(.suite, "SUITE", "suite = \"@\""),
    ]

    // Environment for the target, file for the target, environment for all, file for all; the whole
    // value of the first that says anything.
    @Test(arguments: general)
    func theNearestWordCounts(key: Key) throws {
        let target = try Target(Self.triple)
        let own = "[target.\(Self.triple)]\n" + key.toml.replacing("@", with: "b")
        let all = "\n[build]\n" + key.toml.replacing("@", with: "d")
        let build = [key.variable.build: "c"]
        let both = build.merging([key.variable.own: "a"]) { $1 }
        for (toml, variables, expected) in [
            (own + all, both, "a"), (own + all, build, "b"), (all, build, "c"), (all, [:], "d"),
            (all, [key.variable.own: "a"], "a"), (own, [key.variable.build: "c"], "b"),
        ] {
            let value = try key.reader.read(configuration(toml, variables), target)
            #expect(value == key.expected.replacing("@", with: expected))
        }
        let elsewhere = try key.reader.read(configuration(own + all, both), Target("other"))
        #expect(elsewhere == key.expected.replacing("@", with: "c"))
    }

    @Test(arguments: [
        (SettingVariableTests.Reader.image, "image = \"b\"", "IMAGE"),
        (.runner, "runner = \"b\"", "RUNNER"),
    ])
    func imageAndRunnerAreATargetsAlone(
        reader: SettingVariableTests.Reader,
        toml: String,
        end: String
    ) throws {
        let target = try Target(Self.triple)
        let own = "[target.\(Self.triple)]\n\(toml)"
        let both = ["\(Self.own)_\(end)": "a", "CROSS_BUILD_\(end)": "c"]
        #expect(try reader.read(configuration(own, both), target) == "a")
        #expect(try reader.read(configuration(own, ["CROSS_BUILD_\(end)": "c"]), target) == "b")
        #expect(try reader.read(configuration("", ["CROSS_BUILD_\(end)": "c"]), target) == nil)
    }

    // toml_build_passthrough, and the two of the environment.
    @Test(arguments: [
        ([:], ["D", "B"]), (["CROSS_BUILD_ENV_PASSTHROUGH": "C"], ["C"]),
        (["\(own)_ENV_PASSTHROUGH": "A"], ["A"]),
        (["CROSS_BUILD_ENV_PASSTHROUGH": "C", "\(own)_ENV_PASSTHROUGH": "A"], ["C", "A"]),
        (["CROSS_BUILD_ENV_PASSTHROUGH": ""], []),
    ])
    func passthroughAddsUp(variables: [String: String], expected: [String]) throws {
        let toml = """
            [build]
            env.passthrough = ["D"]
            [target.\(Self.triple)]
            env.passthrough = ["B"]
            """
        let target = try Target(Self.triple)
        #expect(try configuration(toml, variables).passthrough(target) == expected)
    }

    @Test func argumentsOfADockerfileAreLaidOverEachOther() throws {
        let toml = """
            [build.dockerfile]
            file = "D"
            build-args = { ONE = "d", TWO = "d" }
            [target.\(Self.triple).dockerfile]
            file = "B"
            build-args = { TWO = "b", THREE = "b" }
            """
        let dockerfile = try configuration(toml).dockerfile(Target(Self.triple))
        #expect(dockerfile?.buildArguments == ["ONE": "d", "TWO": "b", "THREE": "b"])
        #expect(dockerfile?.file == "/p/B")
    }

    @Test func thePartsOfZigAreDecidedOneByOne() throws {
        let toml = """
            [build.zig]
            version = "2.17"
            image = "d"
            [target.\(Self.triple).zig]
            enable = true
            image = "b"
            """
        let target = try Target(Self.triple)
        #expect(
            try configuration(toml).zig(target)
                == Zig(glibc: "2.17", image: ImageSetting(name: "b"))
        )
        #expect(
            try configuration(toml, ["\(Self.own)_ZIG_VERSION": "2.31"]).zig(target)
                == Zig(glibc: "2.31", image: ImageSetting(name: "b"))
        )
        #expect(try configuration(toml, ["\(Self.own)_ZIG": "false"]).zig(target) == nil)
    }
}
