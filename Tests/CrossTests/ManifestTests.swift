// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import RootfsRecipe
import SystemPackage
import Testing

@testable import cross

/// The manifests of this repository, each read as the program reads it.
@Suite struct EmbeddedManifestTests {
    private func manifest(_ triple: String) throws -> RootfsManifest {
        let library = ManifestLibrary(directory: nil)
        return try #require(try RootfsManifest.find(try Target(triple), in: library))
    }

    // A key that means nothing, or a value of another type, is an error of the reader.
    @Test(arguments: ManifestLibrary.triples)
    func everyManifestFollowsTheSchema(triple: String) throws {
        let manifest = try manifest(triple)
        if let image = manifest.image {
            #expect(throws: Never.self) { try ImageReference(image.reference) }
            #expect(image.platform == "linux/amd64")
        }
        #expect(manifest.debian != nil || manifest.unavailable?.isEmpty == false)
        #expect(manifest.image != nil || manifest.debian != nil)
    }

    // Placeholders that no name stands for would reach compilers as they are.
    @Test(arguments: ManifestLibrary.triples)
    func nothingIsLeftToFillIn(triple: String) throws {
        let manifest = try manifest(triple)
        let names = ["triple", "triple_", "TRIPLE_", "prefix", "suffix", "sysroot", "emulator"]
        let texts =
            manifest.environment.map { "\($0)=\($1)" } + (manifest.debian?.packages ?? [])
            + [manifest.emulator.runner ?? "", manifest.image?.reference ?? ""]
            + (manifest.emulator.machine?.packages ?? [])
            + (manifest.emulator.machine?.files ?? []).map(\.text)
        for text in texts {
            for name in names + ["architecture", "machine"] { #expect(!text.contains("{\(name)}")) }
        }
    }

    @Test(arguments: ManifestLibrary.triples)
    func qemuIsTheOneThatTheTargetNeeds(triple: String) throws {
        let manifest = try manifest(triple)
        guard let emulator = Emulator(for: try Target(triple)), manifest.debian != nil else {
            return
        }
        #expect(manifest.emulator.name == emulator.name)
    }

    // The program that boots the machine is what makes the runner.
    @Test func machinesHaveAKernelAndWhatBootsIt() throws {
        let machines = try ManifestLibrary.triples.compactMap { triple in
            try manifest(triple).emulator.machine
        }
        #expect(machines.count == 9)
        for machine in machines {
            #expect(machine.files.map(\.path) == ["/usr/local/bin/qemu-system-runner"])
            #expect(machine.packages.contains { $0.hasPrefix("linux-image-") })
            #expect(machine.packages.contains { $0.hasPrefix("qemu-system-") })
        }
    }

    @Test(arguments: ManifestLibrary.triples)
    func filesAreBelowTheRoot(triple: String) throws {
        for file in try manifest(triple).debian?.files ?? [] {
            #expect(file.path.hasPrefix("/"))
            #expect(!file.path.split(separator: "/").contains(".."))
            #expect(file.mode & ~0o777 == 0)
        }
    }

    /// Source: cross-rs, targets.toml: 60 images, of which one, zig's, is for no target in particular.
    @Test func everyPublishedImageHasAManifest() throws {
        let published = ManifestLibrary.triples.filter { triple in
            (try? manifest(triple))?.image != nil
        }
        let variants = try published.flatMap { try manifest($0).image?.variants ?? [] }
        #expect(published.count + variants.count == 59)
    }
}

@Suite struct ManifestLibraryTests {
    private func find(_ files: [String: String]) throws -> RootfsManifest? {
        let directory = try TemporaryDirectory()
        for (name, text) in files { try directory.write(name, text) }
        let library = ManifestLibrary(directory: directory.path)
        return try RootfsManifest.find(try Target("my-own-target"), in: library)
    }

    @Test func whatIsInheritedComesFirst() throws {
        let manifest = try find([
            "my-own-target.toml": """
            inherits = ["a", "b"]
            prefix = "own-"
            [debian]
            packages = ["own"]
            [environment]
            X = "own"
            """,
            "families/a.toml": """
            [debian]
            suite = "bookworm"
            packages = ["a"]
            [environment]
            X = "a"
            "CC_{triple_}" = "{prefix}cc ${HOME} {other}"
            """,
            "families/b.toml": "[debian]\nsuite = \"trixie\"\npackages = [\"b\"]",
        ])
        #expect(manifest?.debian?.packages == ["a", "b", "own"])
        #expect(manifest?.debian?.suite == "trixie")
        #expect(manifest?.environment["X"] == "own")
        #expect(manifest?.environment["CC_my_own_target"] == "own-cc ${HOME} {other}")
    }

    @Test func aHostOfAnotherArchitectureMayNeedOtherPackages() throws {
        let manifest = try find([
            "my-own-target.toml": """
            [debian]
            suite = "bookworm"
            architecture = "arm64"
            packages = ["a", "b"]
            on.arm64 = { without = ["a"], packages = ["c"], suite = "trixie" }
            [[debian.wheels]]
            name = "z"
            version = "1"
            sha256 = "\(String(repeating: "0", count: 64))"
            into = "/opt/z"
            platform = "linux/arm64"
            """
        ])
        let debian = try #require(manifest?.debian)
        let here = debian.recipe(
            platform: Platform(os: "linux", architecture: "amd64"),
            suite: nil,
            packages: ["x:$CROSS_DEB_ARCH"]
        )
        #expect(here.packages == ["a", "b", "x:arm64"])
        #expect(here.suite == "bookworm")
        #expect(here.wheels.isEmpty)
        let there = debian.recipe(
            platform: Platform(os: "linux", architecture: "arm64"),
            suite: nil,
            packages: []
        )
        #expect(there.packages == ["b", "c"])
        #expect(there.suite == "trixie")
        #expect(there.wheels.map(\.name) == ["z"])
    }

    @Test(arguments: [
        ("surprise = 1", "surprise"), ("[debian]\nsuite = \"x\"\nsuit = \"y\"", "debian.suit"),
        ("[[file]]\npath = \"/x\"\ntext = \"\"\nmod = 1", "file.mod"),
    ])
    func anUnknownKeyIsAnError(text: String, key: String) throws {
        #expect {
            try find(["my-own-target.toml": text])
        } throws: { error in
            guard case .unknownKey(_, let found) = error as? ManifestError else { return false }
            return found == key
        }
    }

    @Test func wrongManifestsAreErrors() throws {
        #expect(throws: ManifestError.self) { try find(["my-own-target.toml": "["]) }
        #expect(throws: ManifestError.self) {
            try find(["my-own-target.toml": "inherits = [\"nobody\"]"])
        }
        #expect(throws: ManifestError.self) {
            try find([
                "my-own-target.toml": "inherits = [\"a\"]", "families/a.toml": "inherits = [\"a\"]",
            ])
        }
        #expect(throws: ManifestError.self) { try find(["my-own-target.toml": "[debian]"]) }
    }

    @Test func aTargetThatNobodyKnowsHasNone() throws {
        #expect(try find([:]) == nil)
    }
}
