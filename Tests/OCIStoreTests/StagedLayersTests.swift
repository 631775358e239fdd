// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Glibc
import OCIStore
import StoreTestSupport
import Synchronization
import SystemPackage
import Testing

/// Layers that become visible together.
@Suite struct StagedLayersTests: ~Copyable {
    let directory: TemporaryDirectory
    let store: Store

    init() throws {
        let directory = try TemporaryDirectory()
        store = try Store(at: directory.path.appending("store"))
        self.directory = directory
    }

    private func stage(_ lines: [Line], in staged: StagedLayers) throws -> Digest {
        var writer = try LayerWriter(into: staged)
        for line in lines { try writer.append(line) }
        let diffID = digest("\(lines)")
        try writer.stage(as: diffID)
        return diffID
    }

    private var objects: FilePath { store.path.appending("objects") }

    @Test func nothingIsVisibleBeforeAllOfIt() throws {
        let staged = try StagedLayers(in: store)
        let one = try stage([.file("a", "one")], in: staged)
        let other = try stage([.file("b", "other")], in: staged)
        #expect(!store.hasLayer(one))
        #expect(try names(in: objects).isEmpty)
        try staged.publish()
        #expect(store.hasLayer(one) && store.hasLayer(other))
        #expect(try names(in: objects).count == 2)
        #expect(try store.check().damages.isEmpty)
    }

    /// Whoever else has a reference, as a thread may have that has not ended yet.
    @Test func whatIsDiscardedIsGoneBeforeTheLastReference() throws {
        let staged = try StagedLayers(in: store)
        _ = try stage([.file("a", "one")], in: staged)
        let temporary = store.path.appending("tmp")
        #expect(try names(in: temporary).count == 2)
        staged.discard()
        #expect(try names(in: temporary) == ["downloads"])
        withExtendedLifetime(staged) {}
    }

    /// Several layers have the same file, and each stages it as nobody has it yet.
    @Test func aTreeOfStagedLayersHasThePublishedFiles() throws {
        let staged = try StagedLayers(in: store)
        let hidden = try stage([.file("x", "same"), .file("y", "only here")], in: staged)
        let visible = try stage([.mark(".wh.x"), .file("z", "same"), .file("w", "w")], in: staged)
        let tree = try store.materialise([hidden, visible], publishing: staged).path
        for name in ["y", "z", "w"] {
            #expect(try status(tree.appending(name)).st_nlink == 2, "\(name)")
        }
        #expect(try publishedObjects() == 3)
        #expect(try store.check().damages.isEmpty)
    }

    /// Some directories for objects are there, and what is staged beside them is moved file by file.
    @Test func whatTheStoreHasIsAddedTo() throws {
        let first = try StagedLayers(in: store)
        let before = try stage((0..<400).map { .file("\($0)", "content \($0)") }, in: first)
        try first.publish()
        let second = try StagedLayers(in: store)
        let after = try stage((200..<700).map { .file("\($0)", "content \($0)") }, in: second)
        let tree = try store.materialise([before, after], publishing: second).path
        for number in [0, 300, 650] {
            let file = tree.appending("\(number)")
            #expect(try content(file) == "content \(number)")
            #expect(try status(file).st_nlink == 2)
        }
        #expect(try store.check().damages.isEmpty)
    }

    /// A large file is on disk before it is known that the layer has it already.
    @Test func aLayerMayHaveTheSameLargeFileTwice() throws {
        let large = String(repeating: "large ", count: 300_000)
        for begun in [false, true] {
            let store = try Store(at: directory.path.appending("store-\(begun)"))
            if begun {
                // All directories for objects are there, or nearly all.
                let first = try StagedLayers(in: store)
                _ = try stage((0..<2000).map { .file("\($0)", "content \($0)") }, in: first)
                try first.publish()
            }
            let staged = try StagedLayers(in: store)
            let diffID = try stage([.file("a", large), .file("b", large)], in: staged)
            let tree = try store.materialise([diffID], publishing: staged).path
            #expect(try status(tree.appending("b")).st_nlink == 3)
            #expect(try store.check().damages.isEmpty)
        }
    }

    /// More files than are handed over at once, so that some are made while the layer is written.
    private let many: [Line] = (0..<300).map { .file("\($0)", "content \($0)") }

    private func publishedObjects() throws -> Int {
        try names(in: objects).reduce(0) { try $0 + names(in: objects.appending($1)).count }
    }

    @Test func whatIsPublishedMeanwhileLeavesALayerThatIsStillWritten() throws {
        let staged = try StagedLayers(in: store)
        var slow = try LayerWriter(into: staged)
        for line in many { try slow.append(line) }
        // Of these files, the other layer has some, too.
        let quick = try stage([.file("a", "content 1"), .file("b", "b")], in: staged)
        try staged.publish()
        #expect(store.hasLayer(quick))
        #expect(try publishedObjects() == 2)
        let diffID = digest("slow")
        try slow.stage(as: diffID)
        let tree = try store.materialise([quick, diffID], publishing: staged).path
        for number in 0..<300 {
            #expect(try content(tree.appending("\(number)")) == "content \(number)")
        }
        #expect(try publishedObjects() == 301)
        #expect(try store.check().damages.isEmpty)
    }

    /// As a pull of hundreds of packages does; some of them have the same files.
    @Test func manyThreadsWriteLayersWhileTwoPublish() throws {
        let staged = try StagedLayers(in: store)
        let diffIDs = Mutex<[Digest]>([])
        let layers = 120
        DispatchQueue.concurrentPerform(iterations: 6) { thread in
            do {
                for number in 0..<(layers / 4) {
                    guard thread < 4 else {
                        try staged.publish()
                        continue
                    }
                    let layer = thread * (layers / 4) + number
                    let lines: [Line] = (0..<40).map {
                        .file("\(layer)-\($0)", $0 < 4 ? "shared \($0)" : "\(layer) \($0)")
                    }
                    let diffID = try stage(lines, in: staged)
                    diffIDs.withLock { $0.append(diffID) }
                }
            } catch {
                Issue.record(error)
            }
        }
        let all = diffIDs.withLock { $0 }
        let tree = try store.materialise(all, publishing: staged).path
        #expect(all.count == layers)
        #expect(try names(in: tree).count == layers * 40)
        #expect(try publishedObjects() == 4 + layers * 36)
        #expect(try store.check().damages.isEmpty)
    }

    @Test func aLayerThatIsGivenUpLeavesNoObjectsWithTheOthers() throws {
        let staged = try StagedLayers(in: store)
        do {
            var writer = try LayerWriter(into: staged)
            for line in many { try writer.append(line) }
        }
        let diffID = try stage([.file("a", "content 1"), .file("b", "b")], in: staged)
        let tree = try store.materialise([diffID], publishing: staged).path
        #expect(try content(tree.appending("a")) == "content 1")
        #expect(try publishedObjects() == 2)
        #expect(try store.check().damages.isEmpty)
    }

    /// What cannot be one tree are layers all the same, and fetched once.
    @Test func layersThatContradictEachOtherAreKept() throws {
        let staged = try StagedLayers(in: store)
        let file = try stage([.file("a", "file")], in: staged)
        let below = try stage([.file("a/b", "below a file")], in: staged)
        #expect(throws: StoreError.self) {
            _ = try store.materialise([file, below], publishing: staged)
        }
        #expect(store.hasLayer(file) && store.hasLayer(below))
    }

    @Test func whatIsDroppedLeavesNothing() throws {
        do {
            let staged = try StagedLayers(in: store)
            _ = try stage([.file("a", "one")], in: staged)
        }
        #expect(try names(in: store.path.appending("tmp")) == ["downloads"])
        #expect(try names(in: objects).isEmpty)
    }
}
