// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import RootfsRecipe
import ServerTestSupport
import SystemPackage
import Testing

/// `cross-fetch recipe` against mirrors in good order.
@Suite struct RecipeBuildTests {
    let archive: TestArchive

    init() throws {
        archive = try TestArchive()
    }

    @Test func aRecipeBecomesARootFileSystem() throws {
        let mirror = try TestMirror(archive.root)
        let run = try RecipeRun(archive, from: [mirror.address])
        let result = try run.check()
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("    Building test root filesystem (linux/amd64)"))
        #expect(result.errors.contains("Finished build in "))
        let record = try #require(try run.record())
        #expect(
            record.lock.packages.map(\.name).sorted() == TestArchive.packages.map(\.name).sorted()
        )
        let names = record.lock.packages.map(\.name)
        #expect(
            try #require(names.firstIndex(of: "library"))
                < (try #require(names.firstIndex(of: "compiler")))
        )
        #expect(record.lock.releases.map(\.suite) == ["test", "test-updates", "test-security"])
        let file = run.store.appending("rootfs/\(record.chainID.hex)/usr/bin/compiler")
        #expect(try archive.directory.read(file) == noise(300_000, seed: 1))
    }

    @Test func theNextRunFetchesOnlyTheReleaseFiles() throws {
        let mirror = try TestMirror(archive.root)
        let run = try RecipeRun(archive, from: [mirror.address])
        try run.check()
        let before = mirror.server.requests.count
        let result = try run.check()
        #expect(result.errors.contains("nothing to fetch"))
        let more = mirror.server.requests.dropFirst(before).map(\.file)
        #expect(more.count == 3 && more.allSatisfy { $0.hasSuffix("/InRelease") }, "\(more)")
    }

    @Test func aLockNeedsNoIndex() throws {
        let mirror = try TestMirror(archive.root)
        var run = try RecipeRun(archive, from: [mirror.address])
        try run.check()
        run.request.lock = try #require(try run.record()).lock
        run.request.isLocked = true
        let before = mirror.server.requests.count
        let other = run.directory.path.appending("other")
        try run.check(store: other)
        let more = mirror.server.requests.dropFirst(before).map(\.file)
        #expect(more.count == TestArchive.packages.count)
        #expect(more.allSatisfy { $0.hasSuffix(".deb") })
        #expect(try run.record(store: other) == run.record())
        // With all layers there, nobody is asked at all.
        try run.check(store: other)
        #expect(mirror.server.requests.count == before + TestArchive.packages.count)
    }

    @Test func theSameLockFromAnotherMirrorIsTheSameTree() throws {
        let mirror = try TestMirror(archive.root)
        var run = try RecipeRun(archive, from: [mirror.address])
        try run.check()
        run.request.lock = try #require(try run.record()).lock
        let (copy, root) = try archive.copy()
        run.use(["file:\(root)"])
        let other = run.directory.path.appending("other")
        try run.check(store: other)
        let tree = try #require(try run.tree())
        #expect(tree.contains("usr/bin/compiler"))
        #expect(try run.tree(store: other) == tree)
        withExtendedLifetime(copy) {}
    }

    @Test func aMirrorMayBeADirectory() throws {
        let run = try RecipeRun(archive, from: ["file://\(archive.root)"])
        try run.check()
        #expect(try run.trees().count == 1)
    }

    @Test func fourAtOnceFetchEachPackageOnce() throws {
        let mirror = try TestMirror(archive.root)
        let run = try RecipeRun(archive, from: [mirror.address])
        let running = try (0..<4).map { _ in try run.start() }
        for process in running {
            let result = try process.wait()
            #expect(result.status == 0, "\(result.errors)")
            // Who has something that others wait for is said once.
            let waits = result.errors.split(separator: "\n").filter { $0.contains("waiting for") }
            #expect(Set(waits).count == waits.count, "\(result.errors)")
        }
        for deb in try archive.debs {
            #expect(mirror.requests(deb).count == 1)
        }
        for index in mirror.server.requests.filter({ $0.file.contains("/by-hash/") }) {
            #expect(mirror.requests(index.file).count == 1)
        }
        #expect(try run.trees().count == 1)
    }

    @Test func onlyALockOfThisRecipeWillDoForALockedBuild() throws {
        let mirror = try TestMirror(archive.root)
        var run = try RecipeRun(archive, from: [mirror.address])
        run.request.isLocked = true
        let result = try run.run()
        #expect(result.status == 125)
        #expect(result.errors.contains("there is no lock for it"))
        run.request.lock = RecipeLock(recipe: .of([1]), releases: [], packages: [])
        let other = try run.run()
        #expect(other.status == 125)
        #expect(other.errors.contains("the lock is of another recipe"))
        #expect(mirror.server.requests.isEmpty)
        #expect(try run.trees().isEmpty)
    }

    @Test func aRunKilledAtAnyMomentIsGoneOnWith() throws {
        let mirror = try TestMirror(archive.root)
        let run = try RecipeRun(archive, from: [mirror.address])
        try run.check()
        let tree = try #require(try run.tree())
        for moment in 0..<16 {
            let store = run.directory.path.appending("store-\(moment)")
            let running = try run.start(store: store)
            usleep(UInt32(moment * 25_000))
            kill(running.process.processIdentifier, SIGKILL)
            _ = try running.wait()
            try run.check(store: store)
            #expect(try run.tree(store: store) == tree)
        }
    }

    @Test(arguments: ["", "{", "[]", "{\"recipe\": 1}"])
    func aRequestThatIsNoneIsAnError(_ text: String) throws {
        let store = archive.directory.path.appending("store").string
        var command = Command(RecipeRun.program, "recipe", "--store", store)
        command.input = try archive.directory.write("request", text)
        let result = try command.run(in: archive.directory)
        #expect(result.status == 125)
        #expect(
            result.errors.hasPrefix("error: standard input holds no request"),
            "\(result.errors)"
        )
    }

    @Test func anUnknownPackageIsNamed() throws {
        let mirror = try TestMirror(archive.root)
        var recipe = RecipeRun.recipe
        recipe.packages = ["libary"]
        let result = try RecipeRun(archive, from: [mirror.address], recipe: recipe).run()
        #expect(result.status == 125)
        #expect(result.errors.contains("error: there is no package 'libary'"))
        #expect(result.errors.contains("library"))
    }

    @Test func anAdditionComesAlone() throws {
        var packages = TestArchive.packages
        packages.append(.init(name: "emulator", fields: ["Depends: nothing-that-is-there"]))
        let archive = try TestArchive(packages)
        let mirror = try TestMirror(archive.root)
        var recipe = RecipeRun.recipe
        recipe.additions = [.init(suite: "test", packages: ["emulator"])]
        let run = try RecipeRun(archive, from: [mirror.address], recipe: recipe)
        try run.check()
        let lock = try #require(try run.record()).lock
        #expect(lock.packages.last?.name == "emulator")
        #expect(lock.packages.count == packages.count)
    }
}
