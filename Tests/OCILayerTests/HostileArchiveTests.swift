// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCILayer
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

/// Archives that are damaged, of another format or not what was announced, and strange ones that are right.
@Suite struct HostileArchiveTests: ~Copyable {
    let layers: Layers

    init() throws { layers = try Layers() }

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
