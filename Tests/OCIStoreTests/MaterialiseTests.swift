// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

@Suite struct MaterialiseTests {
    @Test func filesAreNamesOfObjects() throws {
        var stack = try LayerStack()
        try stack.add([.file("a", "same"), .file("d/b", "same"), .file("c", "same", mode: 0o600)])
        let lease = try stack.store.materialise(stack.diffIDs)
        let (a, b, c) = (
            try status(lease.path.appending("a")),
            try status(lease.path.appending("d").appending("b")),
            try status(lease.path.appending("c"))
        )
        #expect(a.st_ino == b.st_ino)
        #expect(a.st_nlink == 3)
        #expect(c.st_nlink == 2)
        #expect(a.st_mtim.tv_sec == 1_000_000_000)
        #expect(a.st_mtim.tv_nsec == 5)
    }

    @Test func inodeWithAllTheNamesItCanHaveIsCopied() throws {
        var stack = try LayerStack()
        try stack.add([.file("x", "same"), .file("y", "same")])
        let objects = stack.store.path.appending("objects")
        let shard = objects.appending(try names(in: objects).joined())
        let object = try #require(try PathBytes(names(in: shard).joined().utf8))
        let source = try OwnedDescriptor(opening: shard, O_RDONLY | O_DIRECTORY)
        // link(2), EMLINK: ext4 gives an inode 65,000 names; other file systems more, or none.
        for number in 0..<64_998 {
            guard let name = PathBytes("\(number)".utf8) else { continue }
            guard (try? source.link(object, of: source, as: name)) != nil else { break }
        }
        let root = try stack.store.materialise(stack.diffIDs).path
        for name in ["x", "y"] {
            let file = try status(root.appending(name))
            #expect(try content(root.appending(name)) == "same")
            #expect(file.st_mode & 0o7777 == 0o644)
            #expect(file.st_mtim.tv_nsec == 5)
        }
    }

    @Test func secondTimeNothingIsMade() throws {
        var stack = try LayerStack()
        try stack.add([.file("x", "1")])
        let first = try stack.store.materialise(stack.diffIDs)
        let inode = try status(first.path).st_ino
        let second = try stack.store.materialise(stack.diffIDs)
        #expect(try status(second.path).st_ino == inode)
        let chainID = try #require(Digest.chainID(of: stack.diffIDs))
        guard let lease = try stack.store.rootfs(chainID) else {
            Issue.record("the tree was made")
            return
        }
        #expect(lease.path == first.path)
        let other = try stack.store.rootfs(digest("other"))
        let isThere = other != nil
        #expect(!isThere)
    }

    @Test func leaseKeepsPruningAway() throws {
        var stack = try LayerStack()
        try stack.add([.file("x", "1")])
        let lease = try stack.store.materialise(stack.diffIDs)
        let directory = try OwnedDescriptor(opening: lease.path, O_RDONLY | O_DIRECTORY)
        #expect(try !directory.lock(LOCK_EX | LOCK_NB))
        _ = consume lease
        #expect(try directory.lock(LOCK_EX | LOCK_NB))
    }

    @Test func manyAtOnceAllGetTheSameTree() async throws {
        var stack = try LayerStack()
        try stack.add((0..<500).map { .file("d\($0 % 10)/\($0)", "\($0)") })
        let (store, diffIDs) = (stack.store, stack.diffIDs)
        try await withThrowingTaskGroup(of: FilePath.self) { group in
            for _ in 0..<8 { group.addTask { try store.materialise(diffIDs).path } }
            var paths: Set<FilePath> = []
            for try await path in group { paths.insert(path) }
            #expect(paths.count == 1)
        }
        #expect(try names(in: store.path.appending("tmp")) == ["downloads"])
    }

    @Test func missingLayerAndMissingObjectAreNamed() throws {
        var stack = try LayerStack()
        #expect(throws: StoreError.missingLayer(digest("x"))) {
            _ = try stack.store.materialise([digest("x")])
        }
        #expect(throws: StoreError.noLayers) { _ = try stack.store.materialise([]) }
        try stack.add([.file("x", "1")])
        let objects = try OwnedDescriptor(
            opening: stack.store.path.appending("objects"),
            O_RDONLY | O_DIRECTORY
        )
        try objects.removeContents()
        do throws(StoreError) {
            _ = try stack.store.materialise(stack.diffIDs)
            Issue.record("the object is gone")
        } catch {
            #expect(error.errno == .noSuchFileOrDirectory)
        }
        #expect(try names(in: stack.store.path.appending("rootfs")).isEmpty)
    }

    @Test func whatDeadProcessesLeftIsRemovedAndWhatLivesIsKept() throws {
        var stack = try LayerStack()
        let temporary = stack.store.path.appending("tmp")
        let dead = try OwnedDescriptor(opening: temporary, O_RDONLY | O_DIRECTORY)
            .makeDirectory("1-dead")
        try deepTree(in: dead, levels: 4000)
        let alive = try OwnedDescriptor(opening: temporary, O_RDONLY | O_DIRECTORY)
            .makeDirectory("1-alive")
        #expect(try alive.lock(LOCK_EX))
        try write("partial", to: stack.store.downloadPath(digest("blob")))
        try stack.add([.file("x", "1")])
        #expect(try names(in: temporary) == ["1-alive", "downloads"])
        #expect(try content(stack.store.downloadPath(digest("blob"))) == "partial")
    }

    /// A tree deeper than paths can be, each directory without any permission.
    private func deepTree(in directory: borrowing OwnedDescriptor, levels: Int) throws {
        var current = try directory.openDirectory(".")
        for level in 0..<levels {
            let next = try current.makeDirectory("d")
            try write("", to: next)
            // Nothing more goes into it, so its permissions can go.
            if level > 0 { try systemCall("fchmod", current.path) { fchmod(current.raw, 0) } }
            current = next
        }
    }

    private func write(_ text: String, to directory: borrowing OwnedDescriptor) throws {
        try OwnedDescriptor(opening: "f", in: directory, O_WRONLY | O_CREAT, mode: 0)
            .write(Array(text.utf8))
    }

    private func write(_ text: String, to path: FilePath) throws {
        try StoreTestSupport.write(text, to: path)
    }
}
