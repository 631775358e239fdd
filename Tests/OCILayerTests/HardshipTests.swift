// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import OCILayer
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

/// Trees that are hard to make, to look at or to remove, and what surrounds them.
@Suite struct HardshipTests: ~Copyable {
    let layers: Layers

    init() throws {
        layers = try Layers()
    }

    @Test(arguments: [".wh.keep", "keep/.wh..wh..opq", ".wh.l", "l/.wh.x", "l/.wh..wh..opq"])
    func whiteoutsReachNothingOutside(mark: String) throws {
        let outside = layers.directory.path.appending("outside")
        _ = unsafe outside.withPlatformString { unsafe mkdir($0, 0o700) }
        try write("mine", to: outside.appending("x"))
        var (lower, upper) = (TarBuilder(), TarBuilder())
        lower.add("l", type: "2", link: outside.string)
        lower.add("keep/x", content: "1")
        upper.add("l2", type: "2", link: "../../../../../../../..\(outside)")
        upper.add(mark)
        upper.add("l2/.wh.x")
        _ = try layers.root(lower, upper)
        #expect(try content(outside.appending("x")) == "mine")
        #expect(try names(in: outside) == ["x"])
    }

    @Test func namedPipesBlockNobody() throws {
        var tar = TarBuilder()
        tar.add("pipe", type: "6")
        tar.add("d/", type: "5", mode: 0)
        tar.add("d/pipe", type: "6", mode: 0)
        let root = try layers.root(tar)
        #expect(try status(root.appending("pipe")).st_mode & S_IFMT == S_IFIFO)
        #expect(try #require(try layers.store.prune()).rootfs == 1)
        #expect(!exists(root))
    }

    @Test func directoriesThatNobodyMayEnterAreFilledEmptiedAndRemoved() throws {
        var (lower, upper) = (TarBuilder(), TarBuilder())
        for mode in [0o000, 0o111, 0o444, 0o555] {
            lower.add("d\(mode)/", type: "5", mode: mode)
            lower.add("d\(mode)/gone", content: "1", mode: 0)
            lower.add("d\(mode)/kept", content: "1", mode: 0)
            upper.add("d\(mode)/.wh.gone")
            upper.add("d\(mode)/new", content: "2", mode: 0)
        }
        let root = try layers.root(lower, upper)
        for mode in [0o000, 0o111, 0o444, 0o555] {
            #expect(try status(root.appending("d\(mode)")).st_mode & 0o777 == mode_t(mode))
        }
        #expect(try layers.store.prune()?.rootfs == 1)
        #expect(!exists(root))
    }

    @Test func theDeepestTreeIsMadeAndRemovedAndADeeperOneRefused() throws {
        var tar = TarBuilder()
        tar.addPax(["path": String(repeating: "d/", count: 499) + "x"])
        tar.add("x", content: "1")
        let root = try layers.root(tar)
        #expect(try names(in: root) == ["d"])
        #expect(try layers.store.prune()?.rootfs == 1)
        #expect(!exists(root))
        var deeper = TarBuilder()
        let name = String(repeating: "d/", count: 2000)
        deeper.addPax(["path": name])
        deeper.add("x", type: "5")
        #expect(throws: LayerError.entry(.name(.tooDeep), name: Array(name.utf8))) {
            try layers.unpack(deeper.archive)
        }
        #expect(try names(in: layers.store.path.appending("layers")).isEmpty)
    }

    @Test func aThousandLayersAreOneTree() throws {
        var diffIDs: [Digest] = []
        // More different ones than an overlay can have, and in all as many as nobody has.
        for index in 0..<130 {
            var tar = TarBuilder()
            tar.add("all", content: "\(index)")
            tar.add("by-layer/\(index)", content: "\(index)")
            diffIDs.append(try layers.unpack(tar.archive))
        }
        let stack = (0..<1000).map { diffIDs[$0 % diffIDs.count] }
        let root = try layers.store.materialise(stack).path
        #expect(try names(in: root.appending("by-layer")).count == 130)
        #expect(try content(root.appending("all")) == "\(999 % 130)")
    }

    @Test func aLayerMayComeTwice() throws {
        var (one, other) = (TarBuilder(), TarBuilder())
        one.add("x", content: "1")
        other.add(".wh.x")
        let diffIDs = try [one, other, one].map { try layers.unpack($0.archive) }
        #expect(try names(in: layers.store.materialise(diffIDs).path) == ["x"])
        #expect(try names(in: layers.store.materialise(Array(diffIDs[..<2])).path).isEmpty)
    }

    @Test func linksThatLeadIntoEachOtherEndAtOnce() throws {
        var tar = TarBuilder()
        tar.add("loop", type: "2", link: "loop")
        for index in 0..<300 { tar.add("c\(index)", type: "2", link: "c\(index + 1)") }
        tar.add("c300", content: "1")
        // As links they are nobody's matter; only what goes through them has to follow.
        #expect(try names(in: layers.root(tar)).count == 302)
        for way in ["loop/x", "c0/x"] {
            var through = tar
            through.add(way, content: "1")
            #expect(throws: StoreError.self) { _ = try layers.root(through) }
        }
    }
}
