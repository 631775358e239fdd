// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import OCILayer
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

/// Archives in which one header contradicts another, so that two readers may see two archives.
@Suite struct ContradictionTests: ~Copyable {
    let layers: Layers

    init() throws {
        layers = try Layers()
    }

    /// A header that would be an entry of its own, were it not the content of another.
    private static var smuggled: [UInt8] {
        var tar = TarBuilder()
        tar.add("smuggled", content: "evil")
        return tar.bytes
    }

    /// CVE-2025-62518: the pax size counts, and what it spans is content.
    @Test func aPaxSizeCountsMoreThanTheHeaders() throws {
        var tar = TarBuilder()
        tar.addPax(["size": "1024"])
        tar.add("x".utf8, size: Array("00000000000\0".utf8))
        tar.append(Self.smuggled)
        tar.add("y", content: "2")
        let root = try layers.root(tar)
        #expect(try names(in: root) == ["x", "y"])
        #expect(try status(root.appending("x")).st_size == 1024)
    }

    /// The other way round the content is nobody's: the pax size counts again, or nothing does.
    @Test func aSmallerPaxSizeNeverHidesAnEntryFromOneReaderOnly() throws {
        var tar = TarBuilder()
        tar.addPax(["size": "0"])
        tar.add("x".utf8, content: Self.smuggled, size: Array("00000002000\0".utf8))
        let root = try? layers.root(tar)
        guard let root else {
            #expect(try layers.isUntouched)
            return
        }
        #expect(try names(in: root) == ["smuggled", "x"])
        #expect(try status(root.appending("x")).st_size == 0)
    }

    /// GHSA-3cv2-h65g-fgmm: a pax size is the file's, not that of the long name in between.
    @Test func aPaxSizeIsNotThatOfTheHeaderInBetween() throws {
        var tar = TarBuilder()
        tar.addPax(["size": "1024"])
        tar.add("././@LongLink".utf8, type: "L", content: Array("long\0".utf8))
        tar.add("x".utf8, size: Array("00000000000\0".utf8))
        tar.append(Self.smuggled)
        tar.add("y", content: "2")
        guard let root = try? layers.root(tar) else {
            #expect(try layers.isUntouched)
            return
        }
        let names = try names(in: root)
        #expect(!names.contains("smuggled"))
        #expect(names.contains("y"))
    }

    @Test(arguments: [
        "18446744073709551617", "9223372036854775808", "-512", "0x10", "",
    ])
    func paxSizesThatCannotBeAreErrorsOrNothing(size: String) throws {
        var tar = TarBuilder()
        tar.addPax(["size": size])
        tar.add("x", content: "1")
        #expect(throws: LayerError.self) { try layers.unpack(tar.archive) }
        #expect(try layers.isUntouched)
    }

    @Test(arguments: ["path", "GNU.sparse.name", "linkpath"])
    func aNULEndsNoName(key: String) throws {
        var tar = TarBuilder()
        tar.addPax([(key, Array("good\0/../../evil".utf8))])
        tar.add("x", type: key == "linkpath" ? "2" : "0", link: "y")
        // Read up to the NUL or refused: what comes after it is part of no name.
        guard let root = try? layers.root(tar) else { return }
        for name in try names(in: root) {
            #expect(!name.contains("evil"))
            #expect(["good", "x"].contains(name))
        }
    }

    @Test func aSparseFilesNameIsCheckedToo() throws {
        var tar = TarBuilder()
        tar.addPax([
            "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "../../evil",
            "GNU.sparse.realsize": "0",
        ])
        tar.add("s".utf8, content: Array("0\n".utf8) + [UInt8](repeating: 0, count: 510))
        #expect(throws: LayerError.entry(.name(.leadsUp), name: Array("../../evil".utf8))) {
            try layers.unpack(tar.archive)
        }
    }

    @Test func aDirectoryHasNoContent() throws {
        var tar = TarBuilder()
        tar.add("d/".utf8, type: "5", mode: 0o755, size: Array("00000002000\0".utf8))
        tar.append(Self.smuggled)
        tar.add("y", content: "2")
        guard let root = try? layers.root(tar) else {
            #expect(try layers.isUntouched)
            return
        }
        // tar(5) lets readers skip it or not; whichever it is, the tree is the index's.
        let names = try names(in: root)
        #expect(names.contains("d") && names.contains("y"))
    }

    @Test(arguments: [
        "SCHILY.xattr.trusted.overlay.opaque", "SCHILY.xattr.user.overlay.redirect",
        "SCHILY.xattr.user.overlay.origin", "SCHILY.xattr.trusted.overlay.metacopy",
        "SCHILY.xattr.user.fuseoverlayfs.opaque", "SCHILY.xattr.user.containers.override_stat",
        "SCHILY.xattr.user.rootlesscontainers", "LIBARCHIVE.xattr.user.overlay.opaque",
        "LIBARCHIVE.xattr.user%2Eoverlay%2Eopaque", "LIBARCHIVE.xattr.trusted.overlay.opaque",
        "SCHILY.fflags", "SCHILY.acl.access", "SCHILY.acl.default", "SCHILY.acl.ace",
        "RHT.security.selinux",
    ])
    func whatMeansSomethingToAFileSystemIsNeverSet(key: String) throws {
        var tar = TarBuilder()
        let value =
            key.contains("acl") ? "user::rwx,group::rwx,other::rwx,user:nobody:rwx" : "eQ=="
        for (name, type) in [("d", "5"), ("x", "0")] as [(String, Character)] {
            tar.addPax([key: key == "SCHILY.fflags" ? "immutable,append" : value])
            tar.add(name, type: type, mode: 0o755)
        }
        // An attribute that cannot be read at all may also be an error.
        guard let root = try? layers.root(tar) else {
            #expect(try layers.isUntouched)
            return
        }
        for name in ["d", "x"] {
            #expect(try attributes(of: root.appending(name)).isEmpty)
        }
    }
}
