// SPDX-License-Identifier: MIT OR Apache-2.0

import CLinux
import Glibc
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

/// What a command has left in an overlay's upper directory becomes a layer like any other.
@Suite struct CaptureTests: ~Copyable {
    private var stack: LayerStack
    private let upper: FilePath

    init() throws {
        let stack = try LayerStack()
        let upper = stack.directory.path.appending("upper")
        self.upper = upper
        self.stack = stack
    }

    /// Runs a script in the upper directory.
    private func shell(_ script: String) throws {
        let finished = try run(["sh", "-ec", "mkdir -p \(upper); cd \(upper)\n\(script)"])
        try #require(finished.status == 0, "\(finished.output)")
    }

    private func set(_ name: String, _ value: [UInt8], on path: String) throws {
        let file = upper.pushing(FilePath(path)).string
        let status = unsafe setxattr(file, name, value, value.count, 0)
        try #require(status == 0, "setxattr \(name): \(Errno(rawValue: errno))")
    }

    /// The tree of the lower layer with what was captured above it.
    private mutating func capture() throws -> [String] {
        let key = try stack.store.capture(upper)
        stack.add(captured: key)
        return try stack.tree()
    }

    @Test mutating func everyKindOfChangeIsSeenAboveTheLowerLayers() throws {
        try stack.add([
            .directory("etc"), .file("etc/kept", "k"), .file("etc/changed", "old"),
            .file("etc/removed", "r"), .directory("tree"), .file("tree/below", "b"),
            .directory("becomes-file"), .file("becomes-file/x", "x"), .file("becomes-tree", "f"),
            .file("becomes-link", "f"), .directory("emptied"), .file("emptied/x", "x"),
            .directory("usr"), .directory("usr/lib"), .symbolicLink("lib", to: "usr/lib"),
        ])
        try shell(
            """
            mkdir etc emptied becomes-tree usr usr/lib; echo -n new >etc/changed
            mknod etc/removed c 0 0; mknod tree c 0 0; touch becomes-file becomes-tree/inner
            ln -s etc becomes-link; mkfifo pipe; echo -n l >usr/lib/x; echo -n h >one; ln one two
            """
        )
        try set("user.overlay.opaque", [UInt8(ascii: "y")], on: "emptied")
        let listing = try capture()
        #expect(
            listing == [
                "becomes-file=", "becomes-link->etc", "becomes-tree/", "becomes-tree/inner=",
                "emptied/", "etc/", "etc/changed=new", "etc/kept=k", "lib->usr/lib", "one=h",
                "pipe|", "two=h", "usr/", "usr/lib/", "usr/lib/x=l",
            ]
        )
        let tree = try stack.store.materialise(stack.diffIDs)
        let names = try ["one", "two"].map { try status(tree.path.appending($0)).st_ino }
        #expect(names[0] == names[1])
    }

    @Test mutating func whatIsChangedInACopyIsAllThatCounts() throws {
        try stack.add([
            .directory("etc"), .file("etc/kept", "k"), .file("etc/changed", "old"),
            .file("etc/removed", "r"), .file("etc/touched", "t"), .directory("tree"),
            .file("tree/below", "b"), .directory("moved"), .file("moved/inner", "i"),
            .directory("gone"), .directory("gone/deeper"), .file("gone/deeper/x", "x"),
            .file("becomes-tree", "f"), .directory("becomes-link"), .symbolicLink("lib", to: "etc"),
        ])
        var tree = try WrittenTree(of: stack.diffIDs, in: stack.store)
        // What is made for the command and not by it, such as a mount point.
        let made = try run(["mkdir", "-p", "\(tree.path)/point/deeper"])
        try #require(made.status == 0)
        try tree.beginWriting()
        let script = """
            cd \(tree.path); echo -n new >etc/changed; rm etc/removed; rm -r gone; mv moved elsewhere
            rm becomes-tree; mkdir becomes-tree; echo -n x >becomes-tree/x; rmdir becomes-link
            ln -s etc becomes-link; rm -r tree; mkdir tree; echo -n o >tree/other; ln etc/kept linked
            """
        let finished = try run(["sh", "-ec", script])
        try #require(finished.status == 0, "\(finished.output)")
        let before = try stack.tree()
        stack.add(captured: try tree.capture())
        #expect(
            try stack.tree() == [
                "becomes-link->etc", "becomes-tree/", "becomes-tree/x=x", "elsewhere/",
                "elsewhere/inner=i", "etc/", "etc/changed=new", "etc/kept=k", "etc/touched=t",
                "lib->etc", "linked=k", "tree/", "tree/other=o",
            ]
        )
        // The copy was written to, and nothing that the store shares.
        #expect(before.contains("etc/changed=old"))
        var unchanged = try WrittenTree(of: stack.diffIDs, in: stack.store)
        try unchanged.beginWriting()
        let nothing = try stack.tree()
        stack.add(captured: try unchanged.capture())
        #expect(try stack.tree() == nothing)
    }

    @Test mutating func modesTimesHolesAndAttributesAreKept() throws {
        try shell(
            """
            echo closed >closed; mkdir -m 1777 sticky; mkdir dark; echo in >dark/file
            truncate -s 1M sparse; printf end >>sparse; chmod 4751 closed; chmod 0 closed dark
            touch -d @1000000000.5 sparse closed; chmod 4000 closed
            """
        )
        try set("user.comment", Array("said".utf8), on: "sparse")
        try set("user.overlay.origin", [1, 2], on: "sparse")
        let key = try stack.store.capture(upper)
        let index = try content(stack.store.path.appending("layers").appending("\(key.hex).mtree"))
        #expect(index.contains("./closed type=file size=7"))
        #expect(index.contains("mode=04000"))
        #expect(index.contains("./dark type=dir mode=00 "))
        #expect(index.contains("./sticky type=dir mode=01777"))
        #expect(index.contains("xattr:user.comment:said"))
        #expect(!index.contains("overlay"))
        stack.add(captured: key)
        let tree = try stack.store.materialise(stack.diffIDs)
        let sparse = try status(tree.path.appending("sparse"))
        #expect(sparse.st_size == 1_048_579 && sparse.st_blocks < 100)
        #expect(sparse.st_mtim.tv_sec == 1_000_000_000 && sparse.st_mtim.tv_nsec == 500_000_000)
        #expect(try status(tree.path.appending("closed")).st_mode & 0o7777 == 0)
    }

    @Test mutating func theSameTreeHasTheSameKey() throws {
        try shell("mkdir b a; touch b/2 b/1 a/x; find . -exec touch -h -d @1 {} +")
        let key = try stack.store.capture(upper)
        let again = try stack.store.capture(upper)
        #expect(again == key)
        try shell("touch -d @2 a/x")
        let changed = try stack.store.capture(upper)
        #expect(changed != key)
    }

    @Test mutating func namesThatMeanSomethingElseInALayerAreLeftOut() throws {
        try stack.add([.file("file", "f"), .directory("d"), .file("d/file", "f")])
        try shell("touch .wh.file; mkdir d .wh.d; touch d/.wh..wh..opq .wh.d/x ..x")
        let listing = try capture()
        #expect(listing == ["..x=", "d/", "d/file=f", "file=f"])
    }

    @Test mutating func linksLeadNowhere() throws {
        try shell("ln -s / root; ln -s ../../../../etc/passwd file; ln -s nowhere .x")
        let listing = try capture()
        #expect(listing == [".x->nowhere", "file->../../../../etc/passwd", "root->/"])
    }

    @Test mutating func aTreeThatNoLayerCanHoldIsRefusedAndNothingIsLeft() throws {
        try shell("path=x; for i in $(seq 510); do mkdir x; cd x; done")
        let before = try names(in: stack.store.path.appending("layers"))
        var refused: StoreError?
        do throws(StoreError) {
            _ = try stack.store.capture(upper)
        } catch {
            refused = error
        }
        guard case .notALayer(.path(.tooDeep), _) = refused else {
            Issue.record("\(String(describing: refused))")
            return
        }
        #expect(try names(in: stack.store.path.appending("layers")) == before)
        #expect(try names(in: stack.store.path.appending("tmp")) == ["downloads"])
    }

    @Test mutating func fileCapabilitiesAreThoseOfAnArchive() throws {
        try shell("touch capable")
        // Version 2: CAP_NET_RAW, permitted and effective.
        let value: [UInt8] = [1, 0, 0, 2, 0, 0x20, 0, 0] + Array(repeating: 0, count: 12)
        guard geteuid() == 0 else {
            let file = upper.appending("capable").string
            #expect(unsafe setxattr(file, "security.capability", value, 20, 0) == -1)
            return
        }
        let namespaced: [UInt8] = [1, 0, 0, 3] + value.dropFirst(4) + [0xE8, 3, 0, 0]
        try set("security.capability", namespaced, on: "capable")
        let key = try stack.store.capture(upper)
        let index = try content(stack.store.path.appending("layers").appending("\(key.hex).mtree"))
        #expect(index.contains("xattr:security.capability:\\001\\000\\000\\002\\000\\040"))
    }
}
