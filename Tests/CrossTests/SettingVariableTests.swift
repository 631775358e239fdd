// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: reference of cross-rs's environment, the table of keys' variables, row by row; and our own.

import Sandbox
import SystemPackage
import Testing

@testable import cross

/// The variables of every key: their names, and how their values are read.
@Suite struct SettingVariableTests {
    /// What a configuration says of one key, in words.
    struct Reader: Sendable {
        let name: String
        let read: @Sendable (Configuration, cross.Target) throws -> String?

        static let target = Reader(name: "default-target") { configuration, _ in
            configuration.defaultTarget
        }
        static let buildStd = Reader(name: "build-std") { $0.buildStd($1)?.joined(separator: ",") }
        static let zig = Reader(name: "zig") { $0.zig($1).map { $0.glibc ?? "on" } }
        static let zigImage = Reader(name: "zig.image") { $0.zig($1)?.image.map(words) }
        static let image = Reader(name: "image") { $0.image($1).map(words) }
        static let file = Reader(name: "dockerfile") { $0.dockerfile($1)?.file.string }
        static let context = Reader(name: "dockerfile.context") {
            $0.dockerfile($1)?.context.string
        }
        static let preBuild = Reader(name: "pre-build") {
            "\($0.preBuild($1).map { "\($0)" } ?? "")"
        }
        static let runner = Reader(name: "runner") { $0.runner($1) }
        static let passthrough = Reader(name: "env.passthrough") {
            $0.passthrough($1).joined(separator: "|")
        }
        static let volumes = Reader(name: "env.volumes") { $0.volumes($1).joined(separator: "|") }
        static let rootfs = Reader(name: "rootfs") { try $0.rootfs($1)?.rawValue }
        static let suite = Reader(name: "suite") { $0.suite($1) }
        static let packages = Reader(name: "packages") { $0.packages($1).joined(separator: "|") }
        static let subcommands = Reader(name: "subcommands") { configuration, _ in
            configuration.subcommands.joined(separator: "|")
        }
        static let credentials = Reader(name: "credentials") { configuration, _ in
            try configuration.credentials.map(\.rawValue).joined(separator: "|")
        }
        static let allow = Reader(name: "allow") { configuration, _ in
            try configuration.allowances.map(\.rawValue).sorted().joined(separator: "|")
        }
        static let project = Reader(name: "project") { configuration, _ in
            try configuration.projectAccess.rawValue
        }
        static let limits = Reader(name: "limits") { configuration, _ in
            let limits = try configuration.limits
            return "\(limits.memory ?? -1) \(limits.processes ?? -1)"
        }
        static let sccache = Reader(name: "sccache") { configuration, _ in
            "\(configuration.wantsCompilerCache)"
        }
        static let keyring = Reader(name: "debian.keyring") { configuration, _ in
            configuration.mirror(.keyring)
        }

        private static func words(_ image: ImageSetting) -> String {
            ([image.name] + image.toolchains).joined(separator: " ")
        }
    }

    struct Row: CustomTestStringConvertible {
        /// The ends of the names, with values; `CROSS_BUILD_` or `CROSS_TARGET_<TRIPLE>_` comes before.
        let variables: [String: String]
        let reader: Reader
        let expected: String?

        init(_ variables: [String: String], _ reader: Reader, _ expected: String?) {
            self.variables = variables
            self.reader = reader
            self.expected = expected
        }

        var testDescription: String { "\(reader.name): \(variables)" }
    }

    private static let triple = "aarch64-unknown-linux-gnu"

    private func configuration(_ variables: [String: String]) throws -> Configuration {
        Configuration(document: CrossToml(), variables: variables, directory: FilePath("/p"))
    }

    // Rows that both sections have.
    private static let common: [Row] = [
        Row(["STD": "true"], .buildStd, ""), Row(["STD": "false"], .buildStd, nil),
        Row(["STD": "1"], .buildStd, ""), Row(["STD": "core,alloc"], .buildStd, "core,alloc"),
        Row(["ZIG": "true"], .zig, "on"), Row(["ZIG": "1"], .zig, "on"),
        Row(["ZIG": "false"], .zig, nil), Row(["ZIG": "0"], .zig, nil),
        // No shorthand for a version: any text is true.
        Row(["ZIG": "2.17"], .zig, "on"), Row(["ZIG_VERSION": "2.17"], .zig, "2.17"),
        Row(["ZIG": "false", "ZIG_VERSION": "2.17"], .zig, nil),
        Row(["ZIG": "true", "ZIG_IMAGE": "z"], .zigImage, "z"),
        Row(["ZIG": "1", "ZIG_IMAGE": "z", "ZIG_IMAGE_TOOLCHAIN": "a,b"], .zigImage, "z a b"),
        Row(["DOCKERFILE": "D"], .file, "/p/D"), Row(["DOCKERFILE": "D"], .context, "/p"),
        Row(["DOCKERFILE": "D", "DOCKERFILE_CONTEXT": "c"], .context, "/p/c"),
        Row(["PRE_BUILD": "a"], .preBuild, "lines([\"a\"])"),
        Row(["PRE_BUILD": "a b\nc"], .preBuild, "lines([\"a b\", \"c\"])"),
        Row(["ENV_PASSTHROUGH": "A B=1\nC"], .passthrough, "A|B=1|C"),
        Row(["ENV_VOLUMES": "A B=/b"], .volumes, "A|B=/b"),
        Row(["ROOTFS": "debian"], .rootfs, "debian"), Row(["SUITE": "trixie"], .suite, "trixie"),
        Row(["PACKAGES": "a b:arm64"], .packages, "a|b:arm64"),
    ]

    private static let ofBuild: [Row] = [
        Row(["TARGET": "t"], .target, "t"), Row(["SUBCOMMANDS": "a b"], .subcommands, "a|b"),
        Row(["CREDENTIALS": "git cargo"], .credentials, "git|cargo"),
        Row(["ALLOW": "ptrace io_uring"], .allow, "io_uring|ptrace"),
        Row(["PROJECT": "discard"], .project, "discard"), Row([:], .project, "read-only"),
        Row([:], .limits, "-1 -1"), Row(["MEMORY_LIMIT": "3M"], .limits, "3145728 -1"),
        Row(["PROCESS_LIMIT": "20"], .limits, "-1 20"),
        Row(["SCCACHE": "true"], .sccache, "true"), Row(["SCCACHE": "false"], .sccache, "false"),
        Row(["DEBIAN_KEYRING": "f"], .keyring, "f"),
        // What a target alone can have is not read, nor is what only a file can say.
        Row(["IMAGE": "i"], .image, nil), Row(["RUNNER": "native"], .runner, nil),
        Row(["DOCKERFILE_BUILD_ARGS": "A=1"], .file, nil),
    ]

    private static let ofTarget: [Row] = [
        Row(["IMAGE": "i"], .image, "i"),
        Row(["IMAGE": "i", "IMAGE_TOOLCHAIN": "a,b"], .image, "i a b"),
        Row(["IMAGE_TOOLCHAIN": "a"], .image, nil), Row(["IMAGE": ""], .image, nil),
        Row(["RUNNER": "qemu-system"], .runner, "qemu-system"),
    ]

    @Test(arguments: common + ofBuild)
    func aVariableForAllTargets(row: Row) throws {
        let pairs = row.variables.map { ("CROSS_BUILD_\($0)", $1) }
        let variables = Dictionary(uniqueKeysWithValues: pairs)
        #expect(try row.reader.read(configuration(variables), Target("a")) == row.expected)
        #expect(try row.reader.read(configuration(variables), Target("other")) == row.expected)
    }

    @Test(arguments: common + ofTarget)
    func aVariableForOneTarget(row: Row) throws {
        let own = "CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU_"
        // `CROSS_BUILD_STD` is short for what a target's variable spells out.
        let pairs = row.variables.map { ("\(own)\($0 == "STD" ? "BUILD_STD" : $0)", $1) }
        let variables = Dictionary(uniqueKeysWithValues: pairs)
        #expect(try row.reader.read(configuration(variables), Target(Self.triple)) == row.expected)
        let none = try row.reader.read(configuration([:]), Target("other"))
        #expect(try row.reader.read(configuration(variables), Target("other")) == none)
    }

    // What a CI system sets to nothing is not set.
    @Test(arguments: [
        ([:], nil), (["CARGO_BUILD_TARGET": "b"], "b"),
        (["CROSS_BUILD_TARGET": "a", "CARGO_BUILD_TARGET": "b"], "a"),
        (["CROSS_BUILD_TARGET": "", "CARGO_BUILD_TARGET": "b"], "b"),
        (["CROSS_BUILD_TARGET": "", "CARGO_BUILD_TARGET": ""], nil),
    ])
    func theDefaultTarget(variables: [String: String], expected: String?) throws {
        #expect(try configuration(variables).defaultTarget == expected)
    }

    @Test(arguments: [
        ("aarch64-unknown-linux-gnu", "CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU_IMAGE"),
        ("thumbv8m.main-none-eabi", "CROSS_TARGET_THUMBV8M.MAIN_NONE_EABI_IMAGE"),
        ("thumbv8m.main-none-eabi", "CROSS_TARGET_THUMBV8M_MAIN_NONE_EABI_IMAGE"),
        ("x86_64-unknown-linux-gnu", "CROSS_TARGET_X86_64_UNKNOWN_LINUX_GNU_IMAGE"),
        ("sub/custom-arm.json", "CROSS_TARGET_CUSTOM_ARM_IMAGE"),
    ])
    func theNameIsTheTripleInUpperCaseWithoutMarks(target: String, name: String) throws {
        #expect(try configuration([name: "i"]).image(Target(target))?.name == "i")
    }

    // parse_error_in_env: what cannot be read is no text of another kind.
    @Test func aWrongRootfsInTheEnvironmentIsAnError() throws {
        let wrong = try configuration(["CROSS_BUILD_ROOTFS": "podman"])
        #expect(throws: ConfigurationError.invalidRootfs("podman")) {
            try wrong.rootfs(Target("a"))
        }
    }
}
