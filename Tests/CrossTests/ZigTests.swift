// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, `get_filtered_args` and `get_image`; cargo-zigbuild, what it leaves alone.

import OCIStore
import RootfsRecipe
import Sandbox
import SystemPackage
import Testing

@testable import cross

/// What `zig` of the configuration changes, from the root filesystem to the command inside.
@Suite struct ZigTests: ~Copyable {
    private static let triple = EntryFixture.triple
    private let fixture: EntryFixture

    init() throws {
        let fixture = try EntryFixture()
        self.fixture = fixture
    }

    private func command(_ typed: [String], zig: String) throws -> [String] {
        // As if the image had something that runs the target's programs.
        let runner = ["CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER": "runner"]
        return try fixture.spec(typed, toml: "[build]\nzig = \(zig)", image: runner).arguments
    }

    @Test(arguments: [
        (["build"], ["build", "--target", "\(triple).2.17"]),
        (
            ["test", "--target=\(triple)", "--", "a"],
            ["test", "--target=\(triple).2.17", "--", "a"]
        ),
        (
            ["run", "--target", triple, "--", "--target", "x"],
            ["run", "--target", "\(triple).2.17", "--", "--target", "x"]
        ),
        (
            ["b", "--target", triple, "--target", "s390x-unknown-linux-gnu"],
            ["b", "--target", "\(triple).2.17", "--target", "s390x-unknown-linux-gnu.2.17"]
        ),
        // The original leaves options in front of the subcommand, which cargo-zigbuild refuses there.
        (
            ["--config", "a.b=1", "-v", "check"],
            ["check", "--config", "a.b=1", "-v", "--target", "\(triple).2.17"]
        ),
        // The original hands glibc's version to musl, too.
        (
            ["build", "--target", "aarch64-unknown-linux-musl"],
            ["build", "--target", "aarch64-unknown-linux-musl"]
        ),
        (
            ["rustc", "--target", "x86_64-pc-windows-gnu"],
            ["rustc", "--target", "x86_64-pc-windows-gnu"]
        ),
    ])
    func cargoZigbuildGetsTheGlibc(typed: [String], expected: [String]) throws {
        #expect(try command(typed, zig: "\"2.17\"") == ["cargo-zigbuild"] + expected)
    }

    @Test func withoutAVersionTheTargetIsAsItIs() throws {
        #expect(
            try command(["clippy"], zig: "true") == [
                "cargo-zigbuild", "clippy", "--target", Self.triple,
            ]
        )
    }

    // It would hand them to cargo as they are; but in the environment that it makes they are cargo's.
    @Test(arguments: [["bench"], ["doc"], ["d", "--no-deps"], ["rustdoc"], ["nextest", "run"]])
    func whatCargoZigbuildDoesNotKnowRunsInItsEnvironment(typed: [String]) throws {
        let command = try command(typed, zig: "\"2.17\"")
        #expect(Array(command.prefix(2)) == ["sh", "-c"])
        #expect(
            Array(command.dropFirst(3))
                == ["sh", "--target", "\(Self.triple).2.17", "--"] + typed
                + ["--target", Self.triple]
        )
    }

    @Test func metadataIsCargosAlone() throws {
        #expect(
            try command(["metadata", "--target", Self.triple], zig: "\"2.17\"")
                == ["cargo", "metadata"]
        )
    }

    @Test func itsCacheIsInTheTargetDirectory() throws {
        let spec = try fixture.spec(
            toml: "[build]\nzig = true",
            variables: ["XDG_CACHE_HOME": "/c"]
        )
        #expect(spec.variable("XDG_CACHE_HOME") == "/target/.zig-cache")
        #expect(try fixture.spec().variable("XDG_CACHE_HOME") == nil)
    }

    @Test(arguments: [
        ("zig = true", "ghcr.io/cross-rs/zig:main"),
        ("zig = { enable = true, image = \":edge\" }", "ghcr.io/cross-rs/zig:edge"),
        ("zig = { enable = true, image = \"-sub\" }", "ghcr.io/cross-rs/zig:main-sub"),
        ("zig = { enable = true, image = \"localhost/z:1\" }", "localhost/z:1"),
    ])
    func zigsImageCountsAndNotTheTargets(zig: String, expected: String) throws {
        let toml = "[build]\n\(zig)\nrootfs = \"image\"\n[target.\(Self.triple)]\nimage = \"own:1\""
        guard case .image(let source) = try source(toml) else {
            Issue.record("no image")
            return
        }
        #expect(source.reference.description == expected)
    }

    @Test func theTargetsRecipeGetsZigAndLosesItsCompilers() throws {
        let toml = "[build]\nzig = \"2.17\"\nrootfs = \"debian\""
        guard case .recipe(let source) = try source(toml) else {
            Issue.record("no recipe")
            return
        }
        #expect(source.recipe.wheels.map(\.name) == ["ziglang", "cargo-zigbuild"])
        #expect(source.recipe.packages.contains("libc6:arm64"))
        #expect(source.environment["PATH"]?.hasPrefix("/opt/zig/bin:") == true)
        #expect(source.environment["PKG_CONFIG_PATH"] != nil)
        for name in [
            "CC_aarch64_unknown_linux_gnu", "CMAKE_TOOLCHAIN_FILE_aarch64_unknown_linux_gnu",
        ] { #expect(source.environment[name] == nil) }
    }

    /// The recipes that have zig already bring it once.
    @Test(arguments: ManifestLibrary.triples)
    func everyTargetsManifestCanHaveZig(triple: String) throws {
        let target = try Target(triple)
        let library = ManifestLibrary(directory: nil)
        let manifest = try #require(
            try RootfsManifest.find(target, in: library, withZig: true)
        )
        #expect(manifest.image?.reference == "ghcr.io/cross-rs/zig:main")
        #expect((manifest.debian == nil) == (manifest.unavailable != nil))
        let recipe = manifest.debian?.recipe(platform: .host, suite: nil, packages: [])
        #expect(recipe.map { Set($0.wheels).count == 2 && $0.wheels.count == 2 } ?? true)
        let compilers = manifest.environment.keys.filter { name in
            ["CC_", "CXX_", "AR_"].contains { name.hasPrefix($0) } || name.hasSuffix("_LINKER")
        }
        #expect(compilers.isEmpty)
    }

    @Test func aTargetThatIsNobodysHasZigsImage() throws {
        let manifest = try RootfsManifest.find(
            try Target("riscv32gc-unknown-linux-gnu"),
            in: ManifestLibrary(directory: nil),
            withZig: true
        )
        #expect(manifest?.image != nil)
        #expect(manifest?.debian == nil)
    }

    private func source(_ toml: String) throws -> RootfsSource? {
        let configuration = Configuration(
            document: try CrossToml(toml, file: "/p/Cross.toml"),
            variables: [:],
            directory: "/p"
        )
        let target = try Target(Self.triple)
        let manifest = try RootfsManifest.find(
            target,
            in: ManifestLibrary(directory: nil),
            withZig: configuration.zig(target) != nil
        )
        return try RootfsSource.choose(target, manifest, configuration)
    }
}
