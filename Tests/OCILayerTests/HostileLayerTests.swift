// SPDX-License-Identifier: MIT OR Apache-2.0

import CLinux
import Glibc
import OCILayer
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

@Suite struct HostileLayerTests: ~Copyable {
    let layers: Layers

    init() throws {
        layers = try Layers()
    }

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

    @Test func devicesAreCountedAndNeverMade() throws {
        var tar = TarBuilder()
        tar.add("null".utf8, type: "3", major: 1, minor: 3)
        tar.add("overlay-whiteout".utf8, type: "3")
        tar.add("disk".utf8, type: "4", major: 8)
        tar.add("pipe", type: "6")
        let path = layers.directory.path.appending("blob")
        try OwnedDescriptor(opening: path, O_WRONLY | O_CREAT, mode: 0o600).write(tar.archive)
        let summary = try unpackAlone(
            path,
            mediaType: .tar,
            diffID: Digest.of(tar.archive),
            into: layers.store
        ) { _ in }
        #expect(summary.devices == 3)
        #expect(summary.entries == 4)
        let root = try layers.store.materialise([Digest.of(tar.archive)]).path
        #expect(try names(in: root) == ["pipe"])
        #expect(try status(root.appending("pipe")).st_mode & S_IFMT == S_IFIFO)
    }

    @Test func setuidAndSetgidAreStripped() throws {
        var tar = TarBuilder()
        tar.add("su", content: "x", mode: 0o6755)
        tar.add("d/", type: "5", mode: 0o7755)
        let root = try layers.root(tar)
        #expect(try status(root.appending("su")).st_mode & 0o7777 == 0o755)
        #expect(try status(root.appending("d")).st_mode & 0o7777 == 0o1755)
    }

    @Test(arguments: [
        "-1", "4611686018427387904", "-9223372036854775808", "99999999999999999999", "1.9999999999",
        "nan", "",
    ])
    func anyTimeIsTaken(time: String) throws {
        var tar = TarBuilder()
        tar.addPax(["mtime": time])
        tar.add("x", content: "1")
        tar.addPax(["mtime": time])
        tar.add("d", type: "5", mode: 0o755)
        #expect(try names(in: layers.root(tar)) == ["d", "x"])
    }

    @Test(arguments: ["4294967295", "-1", "9223372036854775807"])
    func anyOwnerIsTakenAndIgnored(uid: String) throws {
        var tar = TarBuilder()
        tar.addPax(["uid": uid, "gid": uid])
        tar.add("x", content: "1")
        #expect(try status(layers.root(tar).appending("x")).st_uid == geteuid())
    }

    @Test func onlyTheUsersOwnAttributesAreSet() throws {
        var tar = TarBuilder()
        let keys = [
            "user.comment", "user.overlay.opaque", "user.rootlesscontainers",
            "trusted.overlay.opaque",
            "security.capability", "security.selinux", "system.posix_acl_access",
        ]
        tar.addPax(keys.map { ("SCHILY.xattr.\($0)", Array("y".utf8)) })
        tar.add("x", content: "1")
        tar.addPax([("SCHILY.xattr.user.overlay.whiteout", Array("y".utf8))])
        tar.add("d", type: "5", mode: 0o755)
        let root = try layers.root(tar)
        #expect(try attributes(of: root.appending("x")) == ["user.comment"])
        #expect(try attributes(of: root.appending("d")).isEmpty)
        let index = try content(
            layers.store.path.appending("layers").appending("\(Digest.of(tar.archive).hex).mtree")
        )
        #expect(index.contains("xattr:security.capability:y,xattr:user.comment:y\n"))
        #expect(!index.contains("selinux"))
    }

    @Test func wrongDiffIDLeavesNothing() throws {
        let archive = ordinaryArchive().archive
        let other = Digest.of([1])
        #expect(throws: LayerError.diffIDMismatch(expected: other, found: Digest.of(archive))) {
            try layers.unpack(archive, diffID: other)
        }
        #expect(try layers.isUntouched)
    }

    @Test func bytesAfterTheEndOfTheArchiveCountForTheDiffID() throws {
        var tar = ordinaryArchive()
        tar.end()
        tar.append([UInt8](repeating: 9, count: 3_000_000))
        try layers.unpack(tar.bytes)
        #expect(throws: LayerError.self) {
            try layers.unpack(tar.bytes, diffID: Digest.of(Array(tar.bytes.dropLast())))
        }
    }

    @Test func emptyLayerOfDockerIsALayer() throws {
        #expect(try names(in: layers.root(TarBuilder())).isEmpty)
    }

    @Test(arguments: ["gzip", "zstd", "xz"])
    func archiveInsideACodecThatNobodyAnnouncedIsNoArchive(codec: String) throws {
        let archive = ordinaryArchive().archive
        let once = try compressed(archive, with: [codec, "-c"])
        #expect(throws: LayerError.self) { try layers.unpack(once) }
        let twice = try compressed(once, with: ["gzip", "-c"])
        #expect(throws: LayerError.self) { try layers.unpack(once, as: .tarGzip, blob: twice) }
        #expect(try layers.isUntouched)
    }

    @Test(arguments: [
        "#mtree\n./x type=dir\n",
        "!<arch>\nx               0           0     0     644     0         `\n",
        "begin 644 x\n#86%A\n`\nend\n", "WARC/1.0\r\nWARC-Type: warcinfo\r\n\r\n", "070707",
        "PK\u{3}\u{4}", "LRZI", "\u{89}LZO",
    ])
    func otherFormatsThanTarAreRefused(text: String) throws {
        #expect(throws: LayerError.self) {
            try layers.unpack(Array((text + String(repeating: "\n", count: 2048)).utf8))
        }
    }

    @Test(arguments: [
        "999999 path=x\n", "5 path=x\n", "0 path=x\n", "path=x\n", "9 pathx \n", "x path=y\n",
        "99999999999999999999 path=x\n",
    ])
    func malformedPaxRecordsAreErrors(record: String) throws {
        var tar = TarBuilder()
        tar.add("PaxHeaders/x", type: "x", content: record)
        tar.add("x", content: "1")
        #expect(throws: LayerError.self) { try layers.unpack(tar.archive) }
        #expect(try layers.isUntouched)
    }

    @Test(arguments: ["x", "g", "L", "K"] as [Character])
    func hugeSpecialHeaderIsRefusedWithoutReadingIt(type: Character) throws {
        var tar = TarBuilder()
        tar.add("x".utf8, type: type, size: Array("2000000000\0".utf8))
        #expect(throws: LayerError.self) { try layers.unpack(tar.archive) }
    }

    @Test func endlessChainOfSpecialHeadersIsRefused() throws {
        var tar = TarBuilder()
        for _ in 0..<10_000 { tar.add("././@LongLink".utf8, type: "L", content: [0x61, 0]) }
        tar.add("x", content: "1")
        #expect(throws: LayerError.self) { try layers.unpack(tar.archive) }
    }

    @Test func sizesThatCannotBeAreRefused() throws {
        let negative: [UInt8] = [0xFF] + [UInt8](repeating: 0xFF, count: 10) + [0x00]
        let huge: [UInt8] = [0x80, 0, 0, 0, 0x7F] + [UInt8](repeating: 0xFF, count: 7)
        for size in [negative, huge, Array("77777777777\0".utf8)] {
            var tar = TarBuilder()
            tar.add("x".utf8, size: size)
            #expect(throws: LayerError.self) { try layers.unpack(tar.archive) }
        }
        #expect(try layers.isUntouched)
    }

    @Test func truncatedArchiveIsAnErrorNotAShortFile() throws {
        let archive = ordinaryArchive().archive
        for length in [100, 511, 513, 5000, archive.count - 20_000, archive.count - 2000] {
            #expect(throws: LayerError.self, "\(length)") {
                try layers.unpack(Array(archive.prefix(length)))
            }
        }
        #expect(try layers.isUntouched)
    }

    @Test func sparseFileKeepsItsHoles() throws {
        var tar = TarBuilder()
        let map = "2\n0\n4\n10000000\n4\n"
        let padded = Array(map.utf8) + [UInt8](repeating: 0, count: 512 - map.utf8.count)
        tar.addPax([
            "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "s",
            "GNU.sparse.realsize": "20000000",
        ])
        tar.add("GNUSparseFile.0/s".utf8, content: padded + Array("headtail".utf8))
        let file = try layers.root(tar).appending("s")
        let status = try status(file)
        #expect(status.st_size == 20_000_000)
        #expect(status.st_blocks * 512 < 1_000_000)
        let bytes = try OwnedDescriptor(opening: file, O_RDONLY).readAll(limit: 1 << 30)
        #expect(bytes.prefix(4) == Array("head".utf8)[...])
        #expect(bytes[10_000_000..<10_000_004].elementsEqual("tail".utf8))
        #expect(bytes.reduce(0) { $0 + Int($1) } == "headtail".utf8.reduce(0) { $0 + Int($1) })
    }

    @Test func randomDamageIsAnErrorOrAnotherLayerButNeverATrap() throws {
        let archive =
            Array(ordinaryArchive().archive.prefix(40_000)) + [UInt8](repeating: 0, count: 1024)
        for _ in 0..<500 {
            var damaged = archive
            for _ in 0..<3 {
                damaged[Int.random(in: 0..<damaged.count)] = .random(in: 0 ... .max)
            }
            let diffID = try? layers.unpack(damaged)
            if let diffID { _ = try? layers.store.materialise([diffID]) }
        }
        #expect(try names(in: layers.store.path.appending("tmp")) == ["downloads"])
    }
}
