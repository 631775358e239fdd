// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, the unit tests of src/config.rs and src/cross_toml.rs.

import SystemPackage
import Testing

@testable import cross

/// Each key in all its forms, and who has the last word on it.
@Suite struct SettingsTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private static let own = "CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU"
    private let target: cross.Target
    private let other: cross.Target
    private let directory: TemporaryDirectory

    init() throws {
        let directory = try TemporaryDirectory()
        let targets = (own: try Target(Self.triple), other: try Target("other"))
        target = targets.own
        other = targets.other
        self.directory = directory
    }

    private func configuration(
        _ toml: String,
        _ variables: [String: String] = [:]
    ) throws -> Configuration {
        Configuration(
            document: try CrossToml(toml, file: directory.path.appending("Cross.toml")),
            variables: variables,
            directory: directory.path
        )
    }

    // env_target_then_toml_target_then_env_build_then_toml_build
    @Test func theDockerfileOfTheTargetComesBeforeThatOfAll() throws {
        let toml = """
            [build]
            dockerfile = "Dockerfile1"
            [target.\(Self.triple)]
            dockerfile = "Dockerfile2"
            """
        let variables = [
            "CROSS_BUILD_DOCKERFILE": "Dockerfile3", "\(Self.own)_DOCKERFILE": "Dockerfile4",
        ]
        func name(_ target: cross.Target, _ variables: [String: String]) throws -> String? {
            try configuration(toml, variables).dockerfile(target)?.file.lastComponent?.string
        }
        #expect(try name(target, variables) == "Dockerfile4")
        #expect(try name(other, variables) == "Dockerfile3")
        #expect(try name(target, [:]) == "Dockerfile2")
        #expect(try name(other, [:]) == "Dockerfile1")
    }

    @Test func aDockerfileHasAContextAndArguments() throws {
        let toml = """
            [build.dockerfile]
            file = "a/Dockerfile"
            context = "../c"
            build-args = { ONE = "1", TWO = "2" }
            [target.\(Self.triple).dockerfile]
            file = "/abs"
            build-args = { TWO = "3" }
            [target.none]
            """
        let base = directory.path
        let own = try #require(try configuration(toml).dockerfile(target))
        #expect(own.file == "/abs")
        #expect(own.context == base.removingLastComponent().appending("c"))
        #expect(own.buildArguments == ["ONE": "1", "TWO": "3"])
        let all = try configuration(toml, ["CROSS_BUILD_DOCKERFILE_CONTEXT": "d"]).dockerfile(other)
        #expect(all?.file == base.pushing("a/Dockerfile"))
        #expect(all?.context == base.appending("d"))
        #expect(all?.buildArguments == ["ONE": "1", "TWO": "2"])
        let short = try configuration("[build]\ndockerfile = \"D\"").dockerfile(target)
        #expect(short?.context == base)
    }

    @Test(arguments: [
        ("pre-build = [\"a\", \"b\"]", [:], PreBuild.lines(["a", "b"])),
        ("pre-build = []", [:], nil),
        ("pre-build = \"apt-get update\"", [:], .lines(["apt-get update"])),
        ("pre-build = \"\"\"\na\nb\n\"\"\"", [:], .lines(["a", "b"])),
        // env_target_and_toml_build_pre_build_then_use_env
        ("pre-build = [\"a\"]", ["\(own)_PRE_BUILD": "b"], .lines(["b"])),
        ("", ["CROSS_BUILD_PRE_BUILD": "a\nb"], .lines(["a", "b"])),
        ("pre-build = [\"a\"]", ["CROSS_BUILD_PRE_BUILD": ""], nil),
        // A variable never names a script.
        ("", ["CROSS_BUILD_PRE_BUILD": "script.sh"], .lines(["script.sh"])),
    ])
    func linesBeforeTheBuild(
        toml: String,
        variables: [String: String],
        expected: PreBuild?
    ) throws {
        try directory.write("script.sh", "")
        #expect(try configuration("[build]\n\(toml)", variables).preBuild(target) == expected)
    }

    @Test func aScriptBeforeTheBuildIsAFileOfTheProject() throws {
        try directory.write("ci/script.sh", "")
        let toml = "[target.\(Self.triple)]\npre-build = \"./ci/script.sh\""
        let script = directory.path.pushing("ci/script.sh")
        #expect(try configuration(toml).preBuild(target) == .script(script))
        let above = Configuration(
            document: try CrossToml(toml, file: "/x/Cross.toml"),
            variables: [:],
            directory: "/nowhere",
            projectDirectory: directory.path
        )
        #expect(above.preBuild(target) == .script(script))
    }

    @Test func anEmptyListSwitchesOffWhatIsForAll() throws {
        let toml = "[build]\npre-build = [\"a\"]\n[target.\(Self.triple)]\npre-build = []"
        #expect(try configuration(toml).preBuild(target) == nil)
        #expect(try configuration(toml).preBuild(other) == .lines(["a"]))
    }

    @Test(arguments: [
        ("zig = true", [:], Zig(glibc: nil, image: nil)), ("zig = false", [:], nil),
        ("zig = \"2.17\"", [:], Zig(glibc: "2.17", image: nil)),
        ("zig = { version = \"2.17\" }", [:], Zig(glibc: "2.17", image: nil)),
        ("zig = { enable = false, version = \"2.17\" }", [:], nil), ("zig = {}", [:], nil),
        (
            "zig = { enable = true, image = { name = \"z\", toolchain = [\"linux/amd64\"] } }", [:],
            Zig(glibc: nil, image: ImageSetting(name: "z", toolchains: ["linux/amd64"]))
        ),
        ("", ["CROSS_BUILD_ZIG": "true"], Zig(glibc: nil, image: nil)),
        ("zig = \"2.17\"", ["\(own)_ZIG": "false"], nil),
        ("zig = \"2.17\"", ["\(own)_ZIG_VERSION": "2.31"], Zig(glibc: "2.31", image: nil)),
        (
            "zig = true",
            ["CROSS_BUILD_ZIG_IMAGE": "z", "CROSS_BUILD_ZIG_IMAGE_TOOLCHAIN": "a-b-linux-gnu,c"],
            Zig(glibc: nil, image: ImageSetting(name: "z", toolchains: ["a-b-linux-gnu", "c"]))
        ),
    ])
    func zig(toml: String, variables: [String: String], expected: Zig?) throws {
        #expect(try configuration("[build]\n\(toml)", variables).zig(target) == expected)
    }

    @Test(arguments: [
        ("image = \"a\"", [:], ImageSetting(name: "a")),
        ("image = { name = \"a\" }", [:], ImageSetting(name: "a")),
        (
            "image = { name = \"a\", toolchain = [\"t\"] }", [:],
            ImageSetting(name: "a", toolchains: ["t"])
        ),
        (
            "image.name = \"a\"\nimage.toolchain = [\"t\"]", ["\(own)_IMAGE": "b"],
            ImageSetting(name: "b")
        ),
        (
            "", ["\(own)_IMAGE": "b", "\(own)_IMAGE_TOOLCHAIN": "t,u"],
            ImageSetting(name: "b", toolchains: ["t", "u"])
        ),
        ("image = \"a\"", ["\(own)_IMAGE": ""], ImageSetting(name: "a")),
    ])
    func image(toml: String, variables: [String: String], expected: ImageSetting?) throws {
        let text = "[target.\(Self.triple)]\n\(toml)"
        #expect(try configuration(text, variables).image(target) == expected)
    }

    // target_build_var_name
    @Test(arguments: [
        (ConfigurationKey.image, "\(own)_IMAGE"), (.buildStd, "\(own)_BUILD_STD"),
        (.zigImageToolchain, "\(own)_ZIG_IMAGE_TOOLCHAIN"), (.preBuild, "\(own)_PRE_BUILD"),
    ])
    func variablesOfATarget(key: ConfigurationKey, expected: String) {
        #expect(key.targetVariables(target).first == expected)
    }

    @Test(arguments: [
        (ConfigurationKey.buildStd, "CROSS_BUILD_STD"), (.preBuild, "CROSS_BUILD_PRE_BUILD"),
        (.volumes, "CROSS_BUILD_ENV_VOLUMES"), (.zig, "CROSS_BUILD_ZIG"),
    ])
    func variablesOfAllTargets(key: ConfigurationKey, expected: String) {
        #expect(key.buildVariable == expected)
    }

    // collect_passthrough: names are looked at before anything is built.
    @Test(arguments: [
        ("env.passthrough = [\"A B\"]", "env.passthrough", "A B"),
        ("env.passthrough = [\"A-B\"]", "env.passthrough", "A-B"),
        ("env.volumes = [\"é\"]", "env.volumes", "é"),
    ])
    func aNameThatNoVariableHasIsPointedOut(toml: String, key: String, name: String) throws {
        #expect(
            try configuration("[build]\n\(toml)").warnings(for: target) == [
                "`\(key)`: `\(name)` is no variable's name; write `NAME` or `NAME=VALUE`"
            ]
        )
    }

    @Test(arguments: ["env.passthrough = [\"a_1\", \"A-B=x y\"]", "env.volumes = [\"V=/a b\"]"])
    func aNameWithAValueIsTheUsersToKnow(toml: String) throws {
        #expect(try configuration("[build]\n\(toml)").warnings(for: target).isEmpty)
    }

    @Test(arguments: [
        ("imgae", "image"), ("passthrogh", "passthrough"), ("Image", "image"), ("xargo", nil),
        ("RUSTFLAGS", nil), ("run", nil), ("", nil),
    ])
    func theNearestNameIsTheOneThatWasMeant(word: String, expected: String?) {
        #expect(NearestName.of(word, among: ["image", "passthrough", "runner", "zig"]) == expected)
    }

    @Test(arguments: [
        "aarch64_unknown_linux_gnu", "AARCH64-unknown-linux-gnu", "aarch64-unknown-linuxgnu",
    ])
    func aTargetThatIsAlmostNamedIsPointedOut(triple: String) throws {
        let warnings = try configuration("[build]\n[target.\(triple)]").warnings(for: target)
        let file = directory.path.appending("Cross.toml")
        #expect(
            warnings == [
                "\(file):2:9: `target.\(triple)` does not count for `\(Self.triple)`; "
                    + "is the target misspelled?"
            ]
        )
    }
}
