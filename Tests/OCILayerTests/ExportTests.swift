// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import OCILayer
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

/// Layers that are written back.
@Suite struct ExportTests: ~Copyable {
    let layers: Layers

    init() throws {
        layers = try Layers()
    }

    /// Writes layers, and reads back what the blob has in it.
    private func export(
        _ names: [Digest],
        _ compression: LayerCompression = .gzip
    ) throws -> (blob: LayerBlob, archive: [UInt8]) {
        let path = layers.directory.path.appending("exported")
        let blob = try OCILayer.export(names, of: layers.store, to: path, compression)
        let bytes = Array(try Data(contentsOf: URL(filePath: path.string)))
        #expect(Digest.of(bytes) == blob.digest && Int64(bytes.count) == blob.size)
        let codec = try LayerMediaType(blob.mediaType).codec
        let archive = try decompress(path, codec, limit: 64 << 20)
        #expect(Digest.of(archive) == blob.diffID)
        return (blob, archive)
    }

    /// Archives as different programs write them, of files with long and strange names.
    private func archives() throws -> [String: [UInt8]] {
        let tree = layers.directory.path.appending("tree").string
        let script = """
            mkdir -p "$0/deep/$(printf 'd%.0s' $(seq 120))" && cd "$0"
            seq 30000 >numbers && : >empty && ln numbers hard && ln -s numbers soft && mkfifo pipe
            echo x >"deep/$(printf 'd%.0s' $(seq 120))/$(printf 'f%.0s' $(seq 120))"
            printf bytes >"$(printf '\\377\\303\\251')" && touch -d @-5 empty
            """
        #expect(try run("bash", "-c", script, tree).status == 0)
        var found = ["our own": ordinaryArchive().archive]
        for format in ["gnu", "pax", "ustar", "v7"] {
            let names = format == "v7" || format == "ustar" ? "numbers" : "."
            let output = layers.directory.path.appending("\(format).tar").string
            let made = try run(
                "sh",
                "-c",
                "tar --format \(format) -C \"$0\" -cf \"$1\" \(names)",
                tree,
                output
            )
            #expect(made.status == 0, "\(format): \(made.output)")
            found[format] = Array(try Data(contentsOf: URL(filePath: output)))
        }
        return found
    }

    @Test func anArchiveComesBackByteForByte() throws {
        for (format, archive) in try archives() {
            let diffID = try layers.unpack(archive)
            for compression in LayerCompression.allCases {
                let exported = try export([diffID], compression)
                #expect(exported.blob.diffID == diffID, "\(format), \(compression)")
                #expect(exported.archive == archive, "\(format), \(compression)")
            }
        }
    }

    /// A layer as a step leaves it, with all that one can say.
    private func captured() throws -> Digest {
        var writer = try LayerWriter(in: layers.store)
        func path(_ name: String) throws -> LayerPath { try LayerPath(Array(name.utf8)) }
        func metadata(
            _ mode: UInt32,
            _ seconds: Int64 = 1_000_000_000,
            uid: Int64 = 0,
            _ attributes: [String: [UInt8]] = [:]
        ) -> InodeMetadata {
            InodeMetadata(
                mode: mode,
                uid: uid,
                gid: 7,
                time: ModificationTime(seconds: seconds, nanoseconds: 123_456_789),
                attributes: attributes.map {
                    ExtendedAttribute(name: Array($0.key.utf8), value: $0.value)
                }
            )
        }
        func line(
            _ kind: LayerEntry.Kind,
            _ name: String,
            _ metadata: InodeMetadata
        ) throws -> LayerEntry {
            LayerEntry(path: try path(name), kind: kind, metadata: metadata)
        }
        let long = "usr/" + String(repeating: "l", count: 200)
        try writer.append(line(.directory, "", metadata(0o755)))
        try writer.append(line(.directory, "usr", metadata(0o1777)))
        try writer.append(Array("hello".utf8), at: path("usr/a"), metadata(0o4755, -7))
        try writer.append(
            [UInt8](repeating: 9, count: 300_000),
            at: path(long),
            metadata(
                0o600,
                uid: 3_000_000_000,
                ["user.note": [0, 1, 255], "security.capability": [1, 0, 0, 2]]
            )
        )
        try writer.append(line(.hardLink(path("usr/a")), "usr/b", metadata(0o4755, -7)))
        try writer.append(
            line(.symbolicLink(PathBytes([0xFF, 0x20, 0x2F]) ?? ""), "usr/c", metadata(0o777))
        )
        try writer.append(line(.fifo, "usr/p", metadata(0o644)))
        try writer.append(
            line(
                .device(.init(isBlock: true, major: 8, minor: 300)),
                "usr/disk",
                metadata(0o660)
            )
        )
        try writer.append(line(.whiteout, "etc/gone", metadata(0o644, 0)))
        try writer.append(line(.opaque, "opt", metadata(0o644)))
        try writer.append(
            [],
            at: try LayerPath([0x66, 0xFF, 0xC3]),
            metadata(0o644, 8_589_934_592)
        )
        return try writer.publish()
    }

    @Test func aStepsLayerIsWrittenTheSameEachTimeAndSaysTheSameWhenItIsRead() throws {
        let key = try captured()
        let first = try export([key])
        #expect(try export([key]).blob == first.blob)
        let again = try layers.unpack(first.archive)
        #expect(try layers.store.contentKey(of: again) == key)
        // From then on it is an archive like any other.
        #expect(try export([again]).archive == first.archive)
        let listing = try run(
            "sh",
            "-c",
            "tar -tvf \"$0\" && tar -tf \"$0\" | wc -l",
            layers.file(first.archive).string
        )
        #expect(listing.status == 0 && listing.output.hasSuffix("11\n"), "\(listing.output)")
    }

    @Test func severalLayersAreOneAndTheUpperOnesCount() throws {
        var lower = TarBuilder()
        lower.add("etc/", type: "5", mode: 0o755)
        lower.add("etc/x", content: "below")
        lower.add("etc/y", content: "below")
        var upper = TarBuilder()
        upper.add("etc/", type: "5", mode: 0o700)
        upper.add("etc/x", content: "above")
        upper.add("etc/z", type: "1", link: "etc/x")
        let stack = [try layers.unpack(lower.archive), try layers.unpack(upper.archive)]
        let merged = try export(stack)
        let names = try run(
            "sh",
            "-c",
            "tar -tf \"$0\" | sort | tr '\\n' ' '",
            layers.file(merged.archive).string
        )
        #expect(names.output == "etc/ etc/x etc/y etc/z ")
        let diffID = try layers.unpack(merged.archive)
        let apart = try listing(try layers.store.materialise(stack).path)
        #expect(try listing(try layers.store.materialise([diffID]).path) == apart)
    }

    /// Such layers say what they say, in other words than their archives.
    @Test func anExtraordinaryArchiveIsWrittenAnew() throws {
        let tree = layers.directory.path.appending("holes").string
        let script = """
            mkdir "$0" && cd "$0" && truncate -s 1M sparse && echo x | dd of=sparse bs=1 seek=500000 conv=notrunc
            tar --sparse --format gnu -cf "$1" sparse
            """
        let path = layers.directory.path.appending("sparse.tar").string
        #expect(try run("bash", "-c", script, tree, path).status == 0)
        let archive = Array(try Data(contentsOf: URL(filePath: path)))
        let diffID = try layers.unpack(archive)
        #expect(layers.store.frame(of: diffID) == nil)
        let exported = try export([diffID])
        #expect(exported.blob.diffID != diffID)
        let again = try layers.unpack(exported.archive)
        #expect(
            try layers.store.contentKey(of: again) == layers.store.contentKey(of: diffID)
        )
    }

    @Test func whatIsDamagedIsNotWritten() throws {
        let diffID = try layers.unpack(ordinaryArchive().archive)
        let key = try captured()
        for path in try objects() {
            _ = unsafe path.withPlatformString { unsafe chmod($0, 0o600) }
            let file = try FileHandle(forUpdating: URL(filePath: path.string))
            guard try file.seekToEnd() > 0 else { continue }
            try file.seek(toOffset: 0)
            try file.write(contentsOf: [0x5A])
            try file.close()
        }
        for name in [diffID, key] {
            #expect(throws: LayerError.self) { try export([name]) }
        }
    }

    private func objects() throws -> [FilePath] {
        let root = layers.store.path.appending("objects")
        return try names(in: root).flatMap { shard in
            let directory = root.appending(shard)
            return try names(in: directory).map { directory.appending($0) }
        }
    }
}
