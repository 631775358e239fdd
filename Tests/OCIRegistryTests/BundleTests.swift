// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Foundation
import OCILayer
import OCIStore
import RootfsRecipe
import ServerTestSupport
import StoreTestSupport
import SystemPackage
import Testing

@testable import cross_fetch

/// What a bundle brings besides images, and what of it is believed.
@Suite struct BundleTests {
    let directory: ServerTestSupport.TemporaryDirectory
    private let console = Console(verbosity: .quiet, choice: .never, environment: [:])

    init() throws {
        directory = try ServerTestSupport.TemporaryDirectory()
    }

    private func store(_ name: String) throws -> Store {
        try Store(at: directory.path.appending(name))
    }

    /// A layer of one file; without a name of its own, what it says is its name.
    private func layer(
        _ text: String,
        as key: Digest? = nil,
        in store: Store
    ) throws -> Digest {
        var writer = try LayerWriter(in: store)
        try writer.append(
            Array(text.utf8),
            at: LayerPath(Array("file-\(text)".utf8)),
            InodeMetadata(mode: 0o644, time: ModificationTime(seconds: 5))
        )
        guard let key else { return try writer.publish() }
        try writer.publish(as: key)
        return key
    }

    private func image(
        _ layers: [Digest],
        name: String? = nil,
        recipe: RecipeLock? = nil,
        step: StepRecord.Origin? = nil
    ) -> ExportRequest.Image {
        ExportRequest.Image(
            name: name,
            platform: .host,
            configuration: ImageConfiguration(environment: ["A=1"]),
            layers: layers,
            recipe: recipe,
            step: step
        )
    }

    private func export(_ images: [ExportRequest.Image], from store: Store) async throws -> FilePath
    {
        let path = directory.path.appending("bundle.tar")
        try await Export(
            request: ExportRequest(images: images, keepsPackagesApart: true),
            compression: .zstd,
            verb: .packed,
            store: store,
            console: console
        ).run(to: try LayoutArchive(path, store))
        return path
    }

    private func read(_ path: FilePath, into store: Store) throws {
        try Import(
            source: path,
            platform: .host,
            name: nil,
            store: store.path,
            console: console
        ).run()
    }

    @Test func whatCameOfRecipesAndStepsIsFoundElsewhere() async throws {
        let here = try store("here")
        // As packages have them: names that their layers' contents do not prove.
        let packages = try ["one", "two"].map {
            try layer($0, as: Digest.of(Array("package \($0)".utf8)), in: here)
        }
        let prepared = packages + [try layer("prepared", in: here)]
        let lock = RecipeLock(
            recipe: Digest.of([1]),
            releases: [],
            packages: []
        )
        let origin = StepRecord.Origin(step: Digest.of([2]), below: 2)
        let path = try await export(
            [image(packages, recipe: lock), image(prepared, step: origin)],
            from: here
        )
        let there = try store("there")
        try read(path, into: there)
        let record: RecipeRecord = try #require(try there.recipe(lock.digest))
        #expect(record.lock == lock && record.layers.count == 2)
        // What is called like a package is one.
        #expect(packages.allSatisfy { !there.hasLayer($0) })
        let base = try #require(Digest.chainID(of: record.layers))
        let step = try #require(try there.step(StepRecord.key(of: origin.step, above: base)))
        #expect(step.layers == record.layers + [prepared[2]])
        #expect(try there.rootfs(step.chainID) != nil)
        #expect(try there.check().damages.isEmpty)
        // Where they are known, they stay what they are.
        try read(path, into: here)
        #expect(try (here.recipe(lock.digest) as RecipeRecord?)?.layers == packages)
    }

    @Test func anImageThatWasBuiltElsewhereIsWhatItWasThere() async throws {
        let here = try store("here")
        let stack = [try layer("a", in: here), try layer("b", in: here)]
        let path = try await export([image(stack, name: "localhost/x:1")], from: here)
        let there = try store("there")
        try read(path, into: there)
        let reference = try ImageReference("localhost/x:1")
        let record = try #require(try there.image(reference, platform: .host))
        #expect(record.isBuiltHere && record.diffIDs == stack)
    }

    @Test func aClaimThatIsNotProvenIsNotBelieved() async throws {
        let here = try store("here")
        let claimed = Digest.of(Array("somebody's layer".utf8))
        let path = try await export(
            [image([try layer("evil", as: claimed, in: here)], name: "localhost/x:1")],
            from: here
        )
        let there = try store("there")
        let reference = try ImageReference("localhost/x:1")
        try read(path, into: there)
        #expect(!there.hasLayer(claimed))
        #expect(try there.image(reference, platform: .host)?.diffIDs != [claimed])
        // Nor where there is a layer of that name that says something else.
        let honest = try store("honest")
        _ = try layer("good", as: claimed, in: honest)
        try read(path, into: honest)
        #expect(try honest.image(reference, platform: .host)?.diffIDs != [claimed])
    }
}
