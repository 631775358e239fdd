// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import StoreTestSupport
import SystemPackage
import Testing

@testable import OCIStore

@Suite struct LowerStoreTests {
    /// A store that has an image.
    private func filled() throws -> LayerStack {
        var lower = try LayerStack()
        try lower.add([.directory("d"), .file("d/x", "one", mode: 0o755), .fifo("p")])
        _ = try lower.store.materialise(lower.diffIDs)
        let record = ImageRecord(
            manifest: digest("manifest"),
            configurationDigest: digest("configuration"),
            configuration: ImageConfiguration(),
            diffIDs: lower.diffIDs,
            chainID: try #require(Digest.chainID(of: lower.diffIDs))
        )
        try lower.store.record(record, as: try ImageReference("r.example/a:1"), platform: .host)
        return lower
    }

    @Test func whatIsMissingIsLookedUpBelow() throws {
        let lower = try filled()
        let directory = try TemporaryDirectory()
        let below = try Store(reading: lower.store.path)
        let store = try Store(at: directory.path.appending("upper"), above: [below])
        let name = try ImageReference("r.example/a:1")
        let image = try #require(try store.image(name, platform: .host))
        let path = try store.rootfs(image.chainID)?.path
        #expect(path?.starts(with: lower.store.path) == true)
        // Nobody has a lock that pruning the lower store would have to wait for.
        #expect(try lower.store.prune() != nil)
        #expect(!exists(store.path.appending("rootfs").appending(image.chainID.hex)))
    }

    @Test func aLayerIsCopiedWhereSomethingIsBuiltOnIt() throws {
        let lower = try filled()
        let directory = try TemporaryDirectory()
        let below = try Store(reading: lower.store.path)
        let store = try Store(at: directory.path.appending("upper"), above: [below])
        var writer = try LayerWriter(in: store)
        try writer.append(Array("two".utf8), at: try LayerPath(Array("y".utf8)), .impliedDirectory)
        try writer.publish(as: digest("own"))
        let tree = try store.materialise(lower.diffIDs + [digest("own")])
        #expect(tree.path.starts(with: store.path))
        #expect(try content(tree.path.pushing("d/x")) == "one")
        #expect(try status(tree.path.pushing("d/x")).st_mode & 0o7777 == 0o755)
        #expect(try content(tree.path.appending("y")) == "two")
        #expect(try store.check().damages.isEmpty)
        #expect(try lower.store.check().damages.isEmpty)
    }

    @Test func whatIsNoStoreOfTheUsersOrRootsIsRefused() throws {
        let lower = try filled()
        let directory = try TemporaryDirectory()
        #expect(throws: StoreError.notAStore(directory.path)) {
            _ = try Store(reading: directory.path)
        }
        let path = lower.store.path
        _ = unsafe path.withPlatformString { unsafe chmod($0, 0o777) }
        #expect(throws: StoreError.writableByOthers(path, mode: 0o777)) {
            _ = try Store(reading: path)
        }
        let none = directory.path.appending("none")
        let reason = StoreError.system(call: "open", path: none, .noSuchFileOrDirectory)
        #expect(throws: StoreError.unusableLower(none, reason)) {
            _ = try Store.lower(environment: ["CROSS_STORE_RO": none.string])
        }
        #expect(try Store.lower(environment: [:]).isEmpty)
    }
}
