// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import StoreTestSupport
import Testing

@Suite struct LayerPathTests {
    // Docker's rules: a leading slash or `./` means nothing.
    @Test(arguments: [
        ("", ""), (".", ""), ("./", ""), ("/", ""), ("//./", ""), ("a", "a"), ("./a", "a"),
        ("/a/b", "a/b"), ("a//b/./c/", "a/b/c"), ("...", "..."), ("..a", "..a"), ("a..", "a.."),
    ])
    func pathsBecomeComponentsBelowTheRoot(text: String, expected: String) throws {
        #expect(try LayerPath(Array(text.utf8)).bytes == Array(expected.utf8))
    }

    // A combining mark after the slash makes one Character of both; bytes are not fooled.
    @Test(arguments: ["..", "../a", "a/..", "a/../b", "/..", "./..", "../\u{301}", "a/../\u{301}b"])
    func nothingLeadsUp(text: String) {
        #expect(throws: LayerPathError.leadsUp) { _ = try LayerPath(Array(text.utf8)) }
    }

    @Test func lengthsAreThoseOfTheKernel() throws {
        #expect(throws: Never.self) { _ = try LayerPath(Array(repeating: 0x61, count: 255)) }
        #expect(throws: LayerPathError.tooLong) {
            _ = try LayerPath(Array(repeating: 0x61, count: 256))
        }
        #expect(throws: LayerPathError.tooLong) {
            _ = try LayerPath(Array(String(repeating: "/", count: 4096).utf8))
        }
        #expect(throws: LayerPathError.tooDeep) {
            _ = try LayerPath(Array(String(repeating: "a/", count: 501).utf8))
        }
    }

    @Test func pathsEqualByteByByte() throws {
        let composed = try LayerPath(Array("\u{E9}".utf8))
        let decomposed = try LayerPath(Array("e\u{301}".utf8))
        #expect(composed != decomposed)
        #expect(try LayerPath([0xFF]) != LayerPath([0xFE]))
    }

    @Test(arguments: [
        (".wh.x", "x"), ("a/.wh.x", "a/x"), ("./a/.wh...x", "a/..x"), (".wh.\u{301}", "\u{301}"),
    ])
    func whiteoutsNameWhatIsRemoved(text: String, removed: String) throws {
        #expect(
            try LayerName(Array(text.utf8)) == .whiteout(try LayerPath(Array(removed.utf8)))
        )
    }

    @Test(arguments: [
        ".wh.", ".wh..", ".wh...", "a/.wh.", "a/.wh..", "a/.wh...", ".wh.a/b", ".wh.a/.wh.b",
        ".wh.a/.wh..wh..opq",
    ])
    func whiteoutsOfNothingAreRefused(text: String) {
        #expect(throws: LayerPathError.invalidWhiteout) { _ = try LayerName(Array(text.utf8)) }
    }

    @Test func opaqueMarksNameTheirDirectory() throws {
        #expect(try LayerName(Array(".wh..wh..opq".utf8)) == .opaque(.root))
        #expect(
            try LayerName(Array("a/.wh..wh..opq".utf8)) == .opaque(try LayerPath(Array("a".utf8)))
        )
    }

    @Test(arguments: [".wh..wh.aufs", ".wh..wh.plnk/1.2", ".wh..wh.orph"])
    func whatAUFSKeepsIsIgnored(text: String) throws {
        #expect(try LayerName(Array(text.utf8)) == .ignored)
    }
}
