// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import RootfsRecipe
import SystemPackage
import Testing

@testable import cross

@Suite struct RootfsSourceTests {
    private static let triple = "aarch64-unknown-linux-gnu"
    private static let variable = "CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU"

    private enum Kind: Equatable {
        case image(String)
        case recipe
        case dockerfile(base: String?, name: String?)
        case none
    }

    private func choose(
        _ toml: String,
        _ variables: [String: String] = [:],
        hasImage: Bool = true,
        hasRecipe: Bool = true
    ) throws -> Kind {
        let configuration = Configuration(
            document: try CrossToml(toml, file: FilePath("/p/Cross.toml")),
            variables: variables,
            directory: FilePath("/p")
        )
        var manifest = RootfsManifest()
        if hasImage {
            manifest.image = .init(
                reference: "r.example/x:main",
                platform: "linux/amd64",
                variants: []
            )
        }
        if hasRecipe { manifest.debian = DebianManifest(suite: "bookworm", packages: ["a"]) }
        switch try RootfsSource.choose(try Target(Self.triple), manifest, configuration) {
        case .image(let source): return .image(source.reference.description)
        case .recipe: return .recipe
        case .dockerfile(let source):
            return .dockerfile(base: source.baseName, name: source.name?.description)
        case nil: return .none
        }
    }

    private let target = "[target.\(triple)]\n"

    private func recipe(_ triple: String, runner: String) throws -> Recipe? {
        let configuration = Configuration(
            document: try CrossToml(
                "[build]\nrootfs = \"debian\"\n[target.\(triple)]\n\(runner)",
                file: FilePath("/p/Cross.toml")
            ),
            variables: [:],
            directory: FilePath("/p")
        )
        let target = try Target(triple)
        let manifest = try RootfsManifest.find(target, in: ManifestLibrary(directory: nil))
        guard case .recipe(let source) = try RootfsSource.choose(target, manifest, configuration)
        else { return nil }
        return source.recipe
    }

    // Whoever does not ask for a machine has neither its packages nor another lock.
    @Test func aMachineIsInTheRecipeOnlyWhereItIsAskedFor() throws {
        let without = try #require(try recipe(Self.triple, runner: ""))
        #expect(try recipe(Self.triple, runner: "runner = \"qemu-user\"") == without)
        let with = try #require(try recipe(Self.triple, runner: "runner = \"qemu-system\""))
        let packages = Set(with.packages).subtracting(without.packages)
        #expect(packages.contains("linux-image-arm64:arm64"))
        #expect(packages.contains("busybox-static:arm64"))
        #expect(with.files.count == without.files.count + 1)
        let other = "powerpc64-unknown-linux-gnu"
        #expect(
            try recipe(other, runner: "runner = \"qemu-system\"") == recipe(other, runner: "")
        )
    }

    @Test func theUsersWordCounts() throws {
        #expect(try choose("[build]\nrootfs = \"debian\"") == .recipe)
        #expect(try choose("[build]\nrootfs = \"image\"") == .image("r.example/x:main"))
        #expect(
            try choose("[build]\nrootfs = \"debian\"\n\(target)rootfs = \"image\"")
                == .image("r.example/x:main")
        )
        #expect(try choose("", ["CROSS_BUILD_ROOTFS": "debian"]) == .recipe)
        #expect(
            try choose("\(target)rootfs = \"image\"", ["\(Self.variable)_ROOTFS": "debian"])
                == .recipe
        )
    }

    @Test func whatElseIsConfiguredCounts() throws {
        #expect(try choose("\(target)image = \"own:1\"") == .image("docker.io/library/own:1"))
        #expect(try choose("\(target)packages = [\"libssl-dev\"]") == .recipe)
    }

    #if arch(x86_64)
    @Test func imagesComeFirstWhereTheyArePublished() throws {
        #expect(try choose("") == .image("r.example/x:main"))
    }
    #else
    @Test func recipesComeFirstWhereNoImageIsPublished() throws {
        #expect(try choose("") == .recipe)
    }
    #endif

    @Test func whatThereIsIsTaken() throws {
        #expect(try choose("", hasImage: false) == .recipe)
        #expect(try choose("", hasRecipe: false) == .image("r.example/x:main"))
        #expect(try choose("", hasImage: false, hasRecipe: false) == .none)
    }

    @Test func whatThereIsNotIsAnError() throws {
        #expect(throws: TargetError.self) {
            try choose("[build]\nrootfs = \"debian\"", hasRecipe: false)
        }
        #expect(throws: TargetError.self) {
            try choose("[build]\nrootfs = \"image\"", hasImage: false)
        }
        #expect(throws: ConfigurationError.invalidRootfs("podman")) {
            try choose("[build]\nrootfs = \"podman\"")
        }
        #expect(throws: ConfigurationError.packagesInImage) {
            try choose("\(target)rootfs = \"image\"\npackages = [\"x\"]")
        }
    }

    // `--platform` of the engine.
    @Test(arguments: [
        ("", Platform.host),
        ("toolchain = [\"linux/arm64\"]", Platform(os: "linux", architecture: "arm64")),
        (
            "toolchain = [\"linux/386=i686-unknown-linux-gnu\"]",
            Platform(os: "linux", architecture: "386")
        ),
    ])
    func theToolchainChoosesThePlatform(toml: String, expected: Platform) throws {
        let text = "\(target)[target.\(Self.triple).image]\nname = \"r.example/x:1\"\n\(toml)"
        let configuration = Configuration(
            document: try CrossToml(text, file: FilePath("/p/Cross.toml")),
            variables: [:],
            directory: FilePath("/p")
        )
        let source = try RootfsSource.choose(Target(Self.triple), nil, configuration)
        guard case .image(let image) = source else {
            Issue.record("\(String(describing: source))")
            return
        }
        #expect(image.platform == expected)
    }

    @Test func packagesOfAllTargetsComeFirst() throws {
        let text = "[build]\npackages = [\"a\"]\n\(target)packages = [\"b\"]"
        let configuration = Configuration(
            document: try CrossToml(text, file: FilePath("/p/Cross.toml")),
            variables: ["\(Self.variable)_PACKAGES": "c d"],
            directory: FilePath("/p")
        )
        #expect(configuration.packages(try Target(Self.triple)) == ["a", "c", "d"])
    }

    // `image` beside `dockerfile` names the result, and is what the Dockerfile is given, as before.
    @Test func aDockerfileIsBuiltOnWhatWouldBeUsedOtherwise() throws {
        let dockerfile = "\(target)dockerfile = \"D\"\n"
        #expect(try choose(dockerfile) == .dockerfile(base: "r.example/x:main", name: nil))
        #expect(
            try choose("\(dockerfile)image = \"localhost/mine:1\"")
                == .dockerfile(base: "localhost/mine:1", name: "localhost/mine:1")
        )
        #expect(
            try choose(dockerfile, hasImage: false)
                == .dockerfile(base: "localhost/cross-rs/recipe:\(Self.triple)", name: nil)
        )
        #expect(
            try choose(dockerfile, hasImage: false, hasRecipe: false)
                == .dockerfile(base: nil, name: nil)
        )
    }
}
