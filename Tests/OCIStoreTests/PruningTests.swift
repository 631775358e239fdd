// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

@Suite struct PruningTests {
    private func record(_ stack: borrowing LayerStack) throws -> ImageRecord {
        ImageRecord(
            manifest: digest("manifest"),
            configurationDigest: digest("configuration"),
            configuration: ImageConfiguration(),
            diffIDs: stack.diffIDs,
            chainID: try #require(Digest.chainID(of: stack.diffIDs))
        )
    }

    private func contents(_ store: Store) throws -> [String] {
        let objects = store.path.appending("objects")
        return try names(in: objects).flatMap { try names(in: objects.appending($0)) }
    }

    @Test func whatARecordStandsForStays() throws {
        var stack = try LayerStack()
        try stack.add([.file("below", "hidden"), .file("x", "1")])
        try stack.add([.mark(".wh.below"), .file("y", "2")])
        _ = try stack.store.materialise(stack.diffIDs)
        let reference = try ImageReference("localhost/a:1")
        try stack.store.record(try record(stack), as: reference, platform: .host)
        let before = try contents(stack.store).sorted()
        let pruned = try #require(try stack.store.prune())
        #expect(pruned.rootfs + pruned.layers == 0)
        #expect(pruned.size == 0)
        // Also what an upper layer hides: another image may have the lower one alone.
        #expect(try contents(stack.store).sorted() == before)
        #expect(before.count == 3)
    }

    @Test func whatAStepCameToStaysUntilItIsForgotten() throws {
        var stack = try LayerStack()
        try stack.add([.file("x", "1")])
        _ = try stack.store.materialise(stack.diffIDs)
        try stack.store.record(StepRecord(layers: stack.diffIDs), asStep: digest("step"))
        let kept = try #require(try stack.store.prune())
        #expect(kept.rootfs + kept.layers == 0)
        try stack.store.forgetBuilds()
        let pruned = try #require(try stack.store.prune())
        #expect(pruned.layers == 1 && pruned.size == 1)
    }

    @Test func whatNobodyStandsForGoes() throws {
        var stack = try LayerStack()
        try stack.add([.directory("d", mode: 0o555), .file("x", "1"), .file("y", "22")])
        _ = try stack.store.materialise(stack.diffIDs)
        let pruned = try #require(try stack.store.prune())
        #expect(pruned.rootfs == 1)
        #expect(pruned.layers == 1)
        #expect(pruned.size == 3)
        #expect(try contents(stack.store).isEmpty)
        #expect(try names(in: stack.store.path.appending("rootfs")).isEmpty)
        #expect(try names(in: stack.store.path.appending("layers")).isEmpty)
    }

    @Test func whatIsInUseStays() throws {
        var stack = try LayerStack()
        try stack.add([.file("x", "1")])
        let lease = try stack.store.materialise(stack.diffIDs)
        let pruned = try #require(try stack.store.prune())
        #expect(pruned.rootfs == 0)
        #expect(try content(lease.path.appending("x")) == "1")
        #expect(try contents(stack.store).count == 1)
    }

    @Test func whileTheStoreIsFilledNothingIsPruned() throws {
        let stack = try LayerStack()
        try stack.store.fillUntilExit()
        #expect(try stack.store.prune() == nil)
    }

    @Test func imagesAreListedAsTheyWerePulled() throws {
        var stack = try LayerStack()
        try stack.add([.file("x", "1")])
        let digested = "docker.io/library/b@sha256:" + String(repeating: "0a", count: 32)
        for text in ["ghcr.io/cross-rs/deep/a:main", digested] {
            let reference = try ImageReference(text)
            try stack.store.record(try record(stack), as: reference, platform: .host)
        }
        let images = try stack.store.images()
        #expect(
            images.map(\.reference.description) == [digested, "ghcr.io/cross-rs/deep/a:main"]
        )
        try stack.store.forget(images[0])
        #expect(try stack.store.images().count == 1)
    }
}
