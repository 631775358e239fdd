// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import StoreTestSupport
import SystemPackage
import Testing

@testable import OCIStore

/// What is done to a store behind its back is found, named, and mended.
@Suite struct CheckTests {
    /// A store with one image of two layers.
    private func filled() throws -> LayerStack {
        var stack = try LayerStack()
        try stack.add([.directory("d"), .file("d/x", "one"), .symbolicLink("l", to: "d/x")])
        try stack.add([.file("y", "two"), .fifo("p"), .device("null"), .mark(".wh.l")])
        _ = try stack.store.materialise(stack.diffIDs)
        let chainID = try #require(Digest.chainID(of: stack.diffIDs))
        let record = ImageRecord(
            manifest: digest("manifest"),
            configurationDigest: digest("configuration"),
            configuration: ImageConfiguration(),
            diffIDs: stack.diffIDs,
            chainID: chainID
        )
        try stack.store.record(record, as: try ImageReference("r.example/a:1"), platform: .host)
        return stack
    }

    private func tree(_ stack: borrowing LayerStack) throws -> FilePath {
        let chainID = try #require(Digest.chainID(of: stack.diffIDs))
        return stack.store.path.appending("rootfs").appending(chainID.hex)
    }

    /// The object that a file of the tree is a name of.
    private func object(_ stack: borrowing LayerStack, _ name: String) throws -> FilePath {
        let inode = try status(tree(stack).pushing(FilePath(name))).st_ino
        let objects = stack.store.path.appending("objects")
        for shard in try names(in: objects) {
            for name in try names(in: objects.appending(shard)) {
                let path = objects.appending(shard).appending(name)
                if try status(path).st_ino == inode { return path }
            }
        }
        throw StoreError.missingLayer(digest("nothing"))
    }

    private func change(_ path: FilePath, _ body: (UnsafePointer<CChar>) -> CInt) throws {
        try systemCall("change", path) { unsafe path.withPlatformString { unsafe body($0) } }
    }

    @Test func aStoreThatNobodyTouchedIsSound() throws {
        let stack = try filled()
        let check = try stack.store.check()
        #expect(check.damages.isEmpty)
        #expect(check.objects == 2 && check.layers == 2 && check.trees == 1)
        #expect(check.records == 1 && check.bytes > 6)
    }

    @Test func aFlippedBitIsFoundWhereverItIs() throws {
        let stack = try filled()
        let victim = try object(stack, "d/x")
        let time = try status(victim).st_mtim
        try write("onf", to: victim)
        // As a disk does it: nothing else of the file tells.
        try unsafe change(victim) { unsafe utimensat(AT_FDCWD, $0, [time, time], 0) }
        #expect(try stack.store.check().damages == [.object(victim)])
    }

    @Test func aModeThatChangedIsFound() throws {
        let stack = try filled()
        let victim = try object(stack, "y")
        try unsafe change(victim) { unsafe chmod($0, 0o755) }
        #expect(try stack.store.check().damages == [.object(victim)])
    }

    @Test func whatALayerSaysCannotBeChanged() throws {
        let stack = try filled()
        let path = stack.store.path.appending("layers").appending("\(stack.diffIDs[0].hex).mtree")
        let changed = try content(path).replacing("type=dir mode=0755", with: "type=dir mode=0777")
        try write(changed, to: path)
        let check = try stack.store.check()
        #expect(check.damages.contains(.layer(path)))
    }

    @Test func whatIsGoneIsMissed() throws {
        let stack = try filled()
        let victim = try object(stack, "y")
        try unsafe change(victim) { unsafe unlink($0) }
        let layer = stack.store.path.appending("layers")
            .appending("\(stack.diffIDs[1].hex).mtree")
        #expect(try stack.store.check().damages.contains(.missingObject(victim, of: layer)))
        try unsafe change(layer) { unsafe unlink($0) }
        let damages = try stack.store.check().damages
        #expect(
            damages.contains { damage in
                if case .missingLayer(stack.diffIDs[1], _) = damage { true } else { false }
            }
        )
    }

    @Test func contentsThatSomebodyHasRemovedAllOfAreNamed() throws {
        let stack = try filled()
        let path = stack.store.path
        try FileManager.default.removeItem(atPath: path.appending("objects").string)
        let damages = try Store(at: path).check().damages
        let missing = damages.filter { damage in
            if case .missingObject(_, of: _) = damage { true } else { false }
        }
        #expect(!missing.isEmpty)
    }

    @Test func aTreeIsComparedNameByName() throws {
        let stack = try filled()
        let tree = try tree(stack)
        try unsafe change(tree.appending("y")) { unsafe unlink($0) }
        try write("three", to: tree.pushing("d/z"))
        try unsafe change(tree.appending("p")) { unsafe chmod($0, 0o700) }
        let found = try stack.store.check().damages.compactMap { damage -> String? in
            guard case .tree(_, let path, let fault) = damage else { return nil }
            return "\(String(decoding: path, as: UTF8.self)) \(fault)"
        }
        #expect(Set(found).isSuperset(of: ["y missing", "d/z unexpected", "p metadata"]))
        // Making and removing names changed the directory's time.
        #expect(found.contains("d metadata"))
    }

    @Test func aRecordThatContradictsItselfIsFound() throws {
        let stack = try filled()
        let path = try #require(try stack.store.records().first).path
        let text = try content(path)
        let chainID = try #require(Digest.chainID(of: stack.diffIDs)).hex
        try write(text.replacing(chainID, with: digest("other").hex), to: path)
        #expect(try stack.store.check().damages.contains(.record(path)))
        try write("{", to: path)
        #expect(try stack.store.check().damages.contains(.record(path)))
    }

    @Test func strangersAreNamed() throws {
        let stack = try filled()
        for name in ["objects/x", "layers/x", "rootfs/x", "indexes/x"] {
            let path = stack.store.path.pushing(FilePath(name))
            let parent = path.removingLastComponent()
            _ = unsafe parent.withPlatformString { unsafe mkdir($0, 0o700) }
            try write("", to: path)
            #expect(try stack.store.check().damages == [.stranger(path)])
            _ = try stack.store.repair(try stack.store.check())
            #expect(try stack.store.check().damages.isEmpty)
        }
    }

    @Test func aDamagedTreeIsMadeAgainOfItsLayers() throws {
        let stack = try filled()
        try unsafe change(tree(stack).appending("y")) { unsafe unlink($0) }
        let repair = try #require(try stack.store.repair(try stack.store.check()))
        #expect(repair.remade == 1 && repair.images.isEmpty && repair.inUse.isEmpty)
        #expect(try stack.store.check().damages.isEmpty)
        #expect(try content(tree(stack).appending("y")) == "two")
    }

    @Test func aDamagedFileGoesWithAllThatHasIt() throws {
        let stack = try filled()
        try write("onf", to: try object(stack, "d/x"))
        let repair = try #require(try stack.store.repair(try stack.store.check()))
        #expect(repair.images.map(\.reference.description) == ["r.example/a:1"])
        #expect(!stack.store.hasLayer(stack.diffIDs[0]))
        #expect(stack.store.hasLayer(stack.diffIDs[1]))
        #expect(try names(in: stack.store.path.appending("rootfs")).isEmpty)
        // The record stays, so that the very same image is fetched again.
        #expect(try stack.store.images().count == 1)
    }

    @Test func whatIsInUseIsLeftAlone() throws {
        let stack = try filled()
        let lease = try stack.store.materialise(stack.diffIDs)
        try unsafe change(lease.path.appending("y")) { unsafe unlink($0) }
        let repair = try #require(try stack.store.repair(try stack.store.check()))
        #expect(repair.inUse == [lease.path])
        #expect(exists(lease.path))
    }

    @Test func whatWasBuiltHereIsForgottenWithItsLayers() throws {
        var stack = try LayerStack()
        try stack.add([.file("x", "1")])
        _ = try stack.store.materialise(stack.diffIDs)
        try stack.store.record(StepRecord(layers: stack.diffIDs), asStep: digest("step"))
        let victim = try object(stack, "x")
        try write("2", to: victim)
        _ = try stack.store.repair(try stack.store.check())
        #expect(try stack.store.step(digest("step")) == nil)
        #expect(try stack.store.check().damages.isEmpty)
    }
}
