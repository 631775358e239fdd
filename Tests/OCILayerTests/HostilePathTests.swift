// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCILayer
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

/// Names and links that would lead out of a layer's own tree.
@Suite struct HostilePathTests: ~Copyable {
    let layers: Layers

    init() throws { layers = try Layers() }

    @Test(arguments: ["../x", "a/../../x", "/..", "a/..", "../\u{301}x", ".."])
    func nameThatLeadsUpIsRefused(name: String) throws {
        var tar = TarBuilder()
        tar.add(name, content: "evil")
        #expect(throws: LayerError.entry(.name(.leadsUp), name: Array(name.utf8))) {
            try layers.unpack(tar.archive)
        }
        #expect(try layers.isUntouched)
    }

    @Test(arguments: ["path", "linkpath"])
    func paxNamesAreCheckedToo(key: String) throws {
        var tar = TarBuilder()
        tar.addPax([key: "../../evil"])
        tar.add("x", type: key == "path" ? "0" : "1", link: "y")
        #expect(throws: LayerError.self) { try layers.unpack(tar.archive) }
        #expect(try layers.isUntouched)
    }

    @Test func longGNUNamesAreCheckedToo() throws {
        var tar = TarBuilder()
        tar.add("././@LongLink".utf8, type: "L", content: Array("../evil\0".utf8))
        tar.add("x")
        #expect(throws: LayerError.entry(.name(.leadsUp), name: Array("../evil".utf8))) {
            try layers.unpack(tar.archive)
        }
    }

    @Test func absoluteNamesAreBelowTheRoot() throws {
        let outside = layers.directory.path.appending("outside")
        var tar = TarBuilder()
        tar.add(outside.string, content: "inside")
        let root = try layers.root(tar)
        #expect(!exists(outside))
        #expect(try content(root.appending(outside.components)) == "inside")
    }

    @Test(arguments: ["0", "2", "1"] as [Character])
    func rootIsADirectory(type: Character) throws {
        var tar = TarBuilder()
        tar.add("./", type: type, link: "/etc")
        // libarchive takes a plain file whose name ends in a slash for a directory, as tar always did.
        if type == "0" {
            _ = try layers.root(tar)
        } else {
            #expect(throws: LayerError.entry(.rootNotADirectory, name: Array("./".utf8))) {
                try layers.unpack(tar.archive)
            }
        }
    }

    @Test func namesAreBytes() throws {
        var tar = TarBuilder()
        tar.add([0x61, 0xFF], content: Array("1".utf8))
        tar.add([0x61, 0xFE], content: Array("2".utf8))
        tar.add("\u{E9}", content: "composed")
        tar.add("e\u{301}", content: "decomposed")
        tar.addPax([("path", Array("p\u{E9}".utf8))])
        tar.add("ignored", content: "pax composed")
        tar.addPax([("path", Array("pe\u{301}".utf8))])
        tar.add("ignored", content: "pax decomposed")
        tar.addPax([("path", [0x70, 0xFF])])
        tar.add("ignored", content: "pax bytes")
        tar.add("new\nline \u{1B}[31m", content: "control")
        let root = try layers.root(tar)
        #expect(try names(in: root).count == 8)
        #expect(try content(root.appending("pe\u{301}")) == "pax decomposed")
        #expect(try content(root.appending("p\u{E9}")) == "pax composed")
        let bytes = try #require(PathBytes([0x70, 0xFF]))
        #expect(try content(root.appending(bytes)) == "pax bytes")
    }

    @Test func symbolicLinksAreNeverWrittenThrough() throws {
        let outside = layers.directory.path.appending("outside")
        _ = unsafe outside.withPlatformString { unsafe mkdir($0, 0o700) }
        var tar = TarBuilder()
        tar.add("a", type: "2", link: outside.string)
        tar.add("a/x", content: "evil")
        tar.add("b", type: "2", link: "../../../../../../../..\(outside)")
        tar.add("b/y", content: "evil")
        tar.add("c", type: "2", link: "\(outside)/z")
        tar.add("c", content: "evil")
        // GHSA-class: a directory entry over a link must not change the mode of what it leads to.
        tar.add("d", type: "2", link: outside.string)
        tar.add("d/", type: "5", mode: 0o777)
        _ = try layers.root(tar)
        #expect(try names(in: outside).isEmpty)
        #expect(try status(outside).st_mode & 0o777 == 0o700)
    }

    @Test func hardLinksReachNothingOutside() throws {
        let secret = layers.directory.path.appending("secret")
        try write("secret", to: secret)
        var tar = TarBuilder()
        tar.add("x", type: "1", link: secret.string)
        #expect(throws: StoreError.self) { _ = try layers.root(tar) }
        var up = TarBuilder()
        up.add("x", type: "1", link: "../../secret")
        #expect(throws: LayerError.entry(.hardLinkTarget(.leadsUp), name: Array("x".utf8))) {
            try layers.unpack(up.archive)
        }
        #expect(try status(secret).st_nlink == 1)
    }

    @Test func hardLinkToASymbolicLinkLeavesItsTargetAlone() throws {
        let outside = layers.directory.path.appending("outside")
        try write("mine", to: outside)
        _ = unsafe outside.withPlatformString { unsafe chmod($0, 0o600) }
        var tar = TarBuilder()
        tar.add("l", type: "2", link: outside.string)
        tar.add("h", type: "1", link: "l", mode: 0o777)
        let root = try layers.root(tar)
        #expect(try status(outside).st_mode & 0o777 == 0o600)
        #expect(try status(root.appending("h")).st_mode & S_IFMT == S_IFLNK)
    }

    @Test(arguments: [".wh.", ".wh..", ".wh...", "a/.wh.."])
    func whiteoutOfNothingIsRefused(name: String) throws {
        var tar = TarBuilder()
        tar.add(name)
        #expect(throws: LayerError.entry(.name(.invalidWhiteout), name: Array(name.utf8))) {
            try layers.unpack(tar.archive)
        }
    }

    @Test func whiteoutBehindACombiningMarkWorks() throws {
        var (lower, upper) = (TarBuilder(), TarBuilder())
        lower.add("\u{301}x", content: "1")
        lower.add("y", content: "1")
        upper.add(".wh.\u{301}x")
        #expect(try names(in: layers.root(lower, upper)) == ["y"])
    }
}
