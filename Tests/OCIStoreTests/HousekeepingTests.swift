// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import StoreTestSupport
import SystemPackage
import Testing

@testable import OCIStore

@Suite struct HousekeepingTests {
    private func record(_ stack: borrowing LayerStack, _ layers: [Digest]) throws -> ImageRecord {
        ImageRecord(
            manifest: digest("\(layers)"),
            configurationDigest: digest("configuration"),
            configuration: ImageConfiguration(),
            diffIDs: layers,
            chainID: try #require(Digest.chainID(of: layers))
        )
    }

    private func age(_ path: FilePath, bySeconds seconds: Int) throws {
        let past = timespec(tv_sec: time(nil) - seconds, tv_nsec: 0)
        try systemCall("utimensat", path) {
            unsafe path.withPlatformString { unsafe utimensat(AT_FDCWD, $0, [past, past], 0) }
        }
    }

    // 64 KiB of something and nothing shared but one file.
    private let large = String(repeating: "x", count: 65536)

    @Test func whatIsSharedIsCountedOnce() throws {
        var stack = try LayerStack()
        try stack.add([.file("shared", large)])
        try stack.add([.file("own", large + "1")])
        _ = try stack.store.materialise([stack.diffIDs[0]])
        _ = try stack.store.materialise(stack.diffIDs)
        let usage = try stack.store.usage()
        let blocks = Int64(try status(stack.store.path.appending("version")).st_blksize)
        let small = (Int64(large.utf8.count) + blocks - 1) / blocks * blocks
        #expect(usage.files.count == 2)
        #expect(usage.files.size >= 2 * small && usage.files.size < 2 * small + 4 * blocks)
        #expect(usage.unlinked.count == 0)
        let chainID = try #require(Digest.chainID(of: stack.diffIDs)).hex
        let whole = try #require(usage.trees.first { $0.chainID == chainID })
        let lower = try #require(usage.trees.first { $0.chainID != chainID })
        #expect(whole.size >= 2 * small && whole.own >= small && whole.own < 2 * small)
        #expect(lower.own < small)
        #expect(usage.total > usage.files.size)
    }

    @Test func contentsThatNoTreeHasAreCountedApart() throws {
        var stack = try LayerStack()
        try stack.add([.file("x", large)])
        let usage = try stack.store.usage()
        #expect(usage.files.count == 0 && usage.unlinked.count == 1)
    }

    @Test func whatNoBuildUsedForLongIsForgotten() throws {
        var stack = try LayerStack()
        try stack.add([.file("x", "1")])
        try stack.add([.file("y", "2")])
        let names = try ["r.example/old:1", "r.example/new:1"].map { try ImageReference($0) }
        for (name, layer) in zip(names, stack.diffIDs) {
            _ = try stack.store.materialise([layer])
            try stack.store.record(try record(stack, [layer]), as: name, platform: .host)
        }
        for record in try stack.store.records() { try age(record.path, bySeconds: 10 * 86400) }
        // A build that finds an image uses it; a list does not.
        _ = try stack.store.image(names[1], platform: .host)
        _ = try stack.store.images()
        let forgotten = try stack.store.forget(unusedFor: 7 * 86400)
        #expect(forgotten.map(\.kind) == [.image(names[0], platform: "linux-\(host)")])
        #expect(try stack.store.images().map(\.reference) == [names[1]])
        let pruned = try #require(try stack.store.prune())
        #expect(pruned.layers == 1 && pruned.rootfs == 1)
    }

    private var host: String { Platform.host.architecture }

    @Test func aClockThatWasSetBackForgetsNothing() throws {
        var stack = try LayerStack()
        try stack.add([.file("x", "1")])
        let name = try ImageReference("r.example/a:1")
        try stack.store.record(try record(stack, stack.diffIDs), as: name, platform: .host)
        for record in try stack.store.records() { try age(record.path, bySeconds: -315_360_000) }
        #expect(try stack.store.forget(unusedFor: 1).isEmpty)
    }

    @Test func everythingCanBeForgotten() throws {
        var stack = try LayerStack()
        try stack.add([.file("x", "1")])
        _ = try stack.store.materialise(stack.diffIDs)
        let name = try ImageReference("r.example/a:1")
        try stack.store.record(try record(stack, stack.diffIDs), as: name, platform: .host)
        try stack.store.record(StepRecord(layers: stack.diffIDs), asStep: digest("step"))
        try stack.store.forgetAll()
        _ = try stack.store.prune()
        let check = try stack.store.check()
        #expect(check.records + check.layers + check.trees + check.objects == 0)
    }

    @Test func locksAndDownloadsThatNobodyNeedsGo() throws {
        let stack = try LayerStack()
        let store = stack.store
        try write("half", to: store.downloadPath(digest("blob")))
        _ = try store.lock(.blob(digest("old"))) { _ in }
        let held = try store.lock(.blob(digest("held"))) { _ in }
        let pruned = try #require(try store.prune())
        #expect(pruned.size == 4)
        let left = try names(in: store.path.appending("locks"))
        #expect(left == ["blob-\(digest("held").hex)", "filling"])
        withExtendedLifetime(held) {}
        #expect(try names(in: store.path.pushing("tmp/downloads")).isEmpty)
    }

    @Test func aTreeIsMadeWhereOnlyItsLayersAre() throws {
        var stack = try LayerStack()
        try stack.add([.file("x", "1")])
        let chainID = try #require(Digest.chainID(of: stack.diffIDs))
        #expect(try stack.store.rootfs(chainID)?.path == nil)
        let path = try stack.store.rootfs(chainID, of: stack.diffIDs)?.path
        #expect(try content(#require(path).appending("x")) == "1")
        let missing = [digest("not there")]
        #expect(try stack.store.rootfs(missing[0], of: missing)?.path == nil)
    }

    @Test func aMovedStoreIsTheSameStore() throws {
        var stack = try LayerStack()
        try stack.add([.file("x", "1")])
        _ = try stack.store.materialise(stack.diffIDs)
        let name = try ImageReference("r.example/a:1")
        try stack.store.record(try record(stack, stack.diffIDs), as: name, platform: .host)
        let moved = stack.directory.path.appending("elsewhere")
        let from = stack.store.path
        try systemCall("rename", from) {
            unsafe from.withPlatformString { from in
                unsafe moved.withPlatformString { unsafe rename(from, $0) }
            }
        }
        let store = try Store(at: moved)
        let image = try #require(try store.image(name, platform: .host))
        let path = try store.rootfs(image.chainID)?.path
        #expect(try content(#require(path).appending("x")) == "1")
        #expect(try store.check().damages.isEmpty)
    }
}
