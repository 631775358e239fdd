// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import StoreTestSupport
import Testing

/// Layers from the bottom up, and the tree they make.
struct MergeCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let layers: [[Line]]
    let tree: [String]

    init(_ name: String, _ layers: [[Line]], _ tree: [String]) {
        self.testDescription = name
        self.layers = layers
        self.tree = tree
    }
}

@Suite struct MergeTests {
    @Test(arguments: [
        MergeCase(
            "whiteouts remove files, links and whole directories",
            [
                [
                    .file("a/x", "1"), .file("a/y", "1"), .symbolicLink("l", to: "a"),
                    .file("d/e/f", "1"),
                ],
                [.mark("a/.wh.x"), .mark(".wh.l"), .mark(".wh.d")],
            ],
            ["a/", "a/y=1"]
        ),
        MergeCase(
            "a whiteout of nothing is nothing",
            [[.file("x", "1")], [.mark(".wh.y"), .mark("a/b/.wh.c")]],
            ["a/", "a/b/", "x=1"]
        ),
        MergeCase(
            "whiteouts in the bottom layer leave no trace",
            [[.mark(".wh.x"), .mark("a/.wh..wh..opq"), .file("x", "1")]],
            ["a/", "x=1"]
        ),
        MergeCase(
            "a whiteout before the same layer's file spares it",
            [[.file("x", "1")], [.mark(".wh.x"), .file("x", "2")]],
            ["x=2"]
        ),
        MergeCase(
            "a whiteout after the same layer's file spares it",
            [[.file("x", "1")], [.file("x", "2"), .mark(".wh.x")]],
            ["x=2"]
        ),
        MergeCase(
            "a whiteout of a directory spares what the layer puts in it",
            [[.file("a/x", "1")], [.file("a/y", "2"), .mark(".wh.a")]],
            ["a/", "a/y=2"]
        ),
        MergeCase(
            "a whiteout only speaks of layers below",
            [[.file("x", "1")], [.mark(".wh.x")], [.file("x", "3")]],
            ["x=3"]
        ),
        MergeCase(
            "an opaque mark first empties the directory",
            [
                [.file("a/x", "1"), .file("a/b/y", "1")],
                [.mark("a/.wh..wh..opq"), .file("a/z", "2")],
            ],
            ["a/", "a/z=2"]
        ),
        MergeCase(
            "an opaque mark last does the same",
            [
                [.file("a/x", "1"), .file("a/b/y", "1")],
                [.file("a/z", "2"), .mark("a/.wh..wh..opq")],
            ],
            ["a/", "a/z=2"]
        ),
        MergeCase(
            "an opaque root starts anew",
            [[.file("x", "1")], [.file("y", "2"), .mark(".wh..wh..opq")]],
            ["y=2"]
        ),
        MergeCase(
            "a combining mark does not hide a whiteout",
            [[.file("\u{301}", "1"), .file("x", "1")], [.mark(".wh.\u{301}")]],
            ["x=1"]
        ),
        MergeCase(
            "a file replaces a directory and a directory a file",
            [
                [.file("a/x", "1"), .file("b", "1")],
                [.file("a", "2"), .mark(".wh.b"), .file("b/x", "2")],
            ],
            ["a=2", "b/", "b/x=2"]
        ),
        MergeCase(
            "whiteouts inside what became a file are nothing",
            [[.file("a/b", "1")], [.file("a", "2"), .mark("a/.wh.b"), .mark("a/.wh..wh..opq")]],
            ["a=2"]
        ),
        MergeCase(
            "a directory replaces a symbolic link when the layer says so",
            [
                [.directory("t"), .file("t/x", "1"), .symbolicLink("l", to: "t")],
                [.directory("l"), .file("l/y", "2")],
            ],
            ["l/", "l/y=2", "t/", "t/x=1"]
        ),
        MergeCase(
            "a file below a symbolic link of a lower layer lands where the link leads",
            [
                [.directory("usr/lib"), .symbolicLink("lib", to: "usr/lib")],
                [.file("lib/x", "2"), .directory("lib/d"), .file("lib/d/y", "2")],
            ],
            ["lib->usr/lib", "usr/", "usr/lib/", "usr/lib/d/", "usr/lib/d/y=2", "usr/lib/x=2"]
        ),
        MergeCase(
            "whiteouts follow such links too",
            [
                [.file("usr/lib/x", "1"), .symbolicLink("lib", to: "/usr/lib")],
                [.mark("lib/.wh.x")],
            ],
            ["lib->/usr/lib", "usr/", "usr/lib/"]
        ),
        MergeCase(
            "a link of the same layer is followed",
            [[.directory("usr/lib"), .symbolicLink("lib", to: "usr/lib"), .file("lib/x", "1")]],
            ["lib->usr/lib", "usr/", "usr/lib/", "usr/lib/x=1"]
        ),
        MergeCase(
            "links lead no further up than the root",
            [
                [.symbolicLink("a", to: "../../../../etc"), .symbolicLink("b", to: "/../../tmp")],
                [.file("a/x", "2"), .file("b/y", "2")],
            ],
            ["a->../../../../etc", "b->/../../tmp", "etc/", "etc/x=2", "tmp/", "tmp/y=2"]
        ),
        MergeCase(
            "a swapped link never leaves the tree",
            [
                [
                    .symbolicLink("a", to: "/tmp"), .file("a/x", "1"), .directory("a"),
                    .file("a/y", "1"), .symbolicLink("a", to: "/etc"), .file("a/z", "1"),
                ]
            ],
            ["a->/etc", "etc/", "etc/z=1", "tmp/", "tmp/x=1"]
        ),
        MergeCase(
            "hard links name the file of this layer, of a lower one, and symbolic links",
            [
                [.file("x", "1"), .symbolicLink("l", to: "x")],
                [
                    .file("y", "2"), .hardLink("a", to: "x"), .hardLink("b", to: "y"),
                    .hardLink("c", to: "l"),
                ],
            ],
            ["a=1", "b=2", "c->x", "l->x", "x=1", "y=2"]
        ),
        MergeCase(
            "a hard link keeps its file when the other name is replaced",
            [[.file("x", "1"), .hardLink("y", to: "x")], [.file("x", "2")]],
            ["x=2", "y=1"]
        ),
        MergeCase(
            "of duplicates the last counts",
            [[.file("x", "1"), .file("x", "2"), .directory("d"), .file("d/x", "1"), .fifo("d")]],
            ["d|", "x=2"]
        ),
        MergeCase(
            "devices are never made and hide what was there",
            [[.file("dev/null", "1"), .file("x", "1")], [.device("dev/null"), .device("x")]],
            ["dev/"]
        ),
        MergeCase(
            "names that only look equal are different",
            [[.file("\u{E9}", "1"), .file("e\u{301}", "2")], [.mark(".wh.\u{E9}")]],
            ["e\u{301}=2"]
        ),
    ])
    func layersMakeTheTreeThatTheSpecificationSays(of merge: MergeCase) throws {
        var stack = try LayerStack()
        for layer in merge.layers { try stack.add(layer) }
        #expect(try stack.tree() == merge.tree)
    }

    @Test(arguments: [
        ([Line.hardLink("a", to: "missing")], LayerConflict.missingLinkTarget, "a"),
        ([.directory("d"), .hardLink("a", to: "d")], .linkToDirectory, "a"),
        ([.hardLink("a", to: "/")], .linkToDirectory, "a"),
        ([.file("f", ""), .file("f/x", "")], .notADirectory, "f/x"),
        (
            [.symbolicLink("a", to: "b"), .symbolicLink("b", to: "a"), .file("a/x", "")],
            .tooManySymbolicLinks, "a/x"
        ),
        ([.symbolicLink("", to: "/etc")], .rootNotADirectory, ""),
        ([.file("", "")], .rootNotADirectory, ""),
        ([.hardLink("", to: "x")], .rootNotADirectory, ""),
    ])
    func whatCannotBeIsNamed(lines: [Line], conflict: LayerConflict, path: String) throws {
        var stack = try LayerStack()
        try stack.add(lines)
        #expect(
            throws: StoreError.conflict(conflict, layer: stack.diffIDs[0], path: Array(path.utf8))
        ) {
            _ = try stack.tree()
        }
        #expect(try names(in: stack.store.path.appending("rootfs")).isEmpty)
        #expect(try names(in: stack.store.path.appending("tmp")) == ["downloads"])
    }

    @Test func chainsOfLinksDeeperThanATreeMayBeAreRefused() throws {
        var stack = try LayerStack()
        let deep = String(repeating: "d/", count: 400)
        try stack.add([.directory(deep), .symbolicLink("s", to: deep)])
        try stack.add([.file("s/\(deep)x", "")])
        #expect(throws: StoreError.self) { _ = try stack.tree() }
    }

    @Test func expandingChainsOfLinksEndAtOnce() throws {
        var stack = try LayerStack()
        let links = (0..<24).map { Line.symbolicLink("l\($0)", to: "l\($0 + 1)/l\($0 + 1)") }
        try stack.add(links + [.symbolicLink("l24", to: ".")])
        try stack.add([.file("l0/x", "")])
        let start = ContinuousClock.now
        #expect(throws: StoreError.self) { _ = try stack.tree() }
        #expect(ContinuousClock.now - start < .seconds(1))
    }
}
