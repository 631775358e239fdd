// SPDX-License-Identifier: MIT OR Apache-2.0

import RootfsRecipe
import ServerTestSupport
import Testing

/// `cross-fetch recipe` where a suite has updates, or has them for some architectures alone.
@Suite struct UpdatesTests {
    private static let recipeForTwo = Recipe(
        platform: RecipeRun.recipe.platform,
        suite: "test",
        packages: ["compiler", "library:arm64"]
    )

    /// An archive whose library is to be had for two architectures at once, in one version.
    private static func ofTwoArchitectures() throws -> TestArchive {
        let own = TestArchive.Package(
            name: "library",
            fields: ["Multi-Arch: same"],
            files: ["usr/lib/library.so": [2]]
        )
        let foreign = TestArchive.Package(
            name: "library",
            architecture: "arm64",
            fields: ["Multi-Arch: same"],
            files: ["usr/lib/aarch64/library.so": [1]]
        )
        return try TestArchive(
            TestArchive.packages.filter { $0.name != "library" } + [own, foreign]
        )
    }

    @Test func updatesWithoutAnIndexAreDoneWithout() throws {
        let archive = try TestArchive()
        try archive.update(TestArchive.Package(name: "compiler", version: "2.0"))
        let mirror = try TestMirror(archive.root) { request in
            request.file.contains("test-updates/main") ? Reply(404) : nil
        }
        let run = try RecipeRun(archive, from: [mirror.address])
        let result = try run.check()
        #expect(
            result.errors.contains("nothing is taken from test-updates\n"),
            "\(result.errors)"
        )
        #expect(try run.record()?.lock.releases.map(\.suite) == ["test", "test-security"])
    }

    @Test func updatesOfTheOwnArchitectureDoNotWaitForThoseOfAnother() throws {
        let archive = try Self.ofTwoArchitectures()
        try archive.update(
            TestArchive.Package(name: "compiler", version: "2.0"),
            TestArchive.Package(name: "compiler", version: "2.0", architecture: "arm64")
        )
        let mirror = try TestMirror(archive.root) { request in
            request.file.contains("test-updates/main/binary-arm64") ? Reply(404) : nil
        }
        var run = try RecipeRun(archive, from: [mirror.address])
        run.request.recipe = Self.recipeForTwo
        let result = try run.check()
        #expect(
            result.errors.contains("nothing is taken from test-updates for arm64"),
            "\(result.errors)"
        )
        let lock = try #require(try run.record()).lock
        #expect(lock.packages.first { $0.name == "compiler" }?.version == "2.0")
        #expect(lock.packages.contains { $0.name == "library" && $0.architecture == "arm64" })
    }

    @Test func updatesThatLeftAnArchitectureBehindAreDoneWithoutWhereTheyFitNothing() throws {
        let archive = try Self.ofTwoArchitectures()
        try archive.update(
            TestArchive.Package(name: "library", version: "2.0", fields: ["Multi-Arch: same"]),
            only: [TestArchive.architecture]
        )
        let mirror = try TestMirror(archive.root)
        var run = try RecipeRun(archive, from: [mirror.address])
        run.request.recipe = Self.recipeForTwo
        let result = try run.check()
        #expect(
            result.errors.contains(
                "test-updates has nothing for arm64; nothing is taken from test-updates\n"
            ),
            "\(result.errors)"
        )
        let lock = try #require(try run.record()).lock
        #expect(lock.packages.filter { $0.name == "library" }.map(\.version) == ["1.0", "1.0"])
        #expect(lock.releases.map(\.suite) == ["test", "test-security"])
    }

    @Test func updatesThatLeftAnArchitectureBehindAreTakenWhereTheyFit() throws {
        let archive = try Self.ofTwoArchitectures()
        try archive.update(
            TestArchive.Package(name: "compiler", version: "2.0"),
            only: [TestArchive.architecture]
        )
        let mirror = try TestMirror(archive.root)
        var run = try RecipeRun(archive, from: [mirror.address])
        run.request.recipe = Self.recipeForTwo
        try run.check()
        let lock = try #require(try run.record()).lock
        #expect(lock.packages.first { $0.name == "compiler" }?.version == "2.0")
    }
}
