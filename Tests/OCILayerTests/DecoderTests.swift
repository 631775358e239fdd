// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

@testable import OCILayer

@Suite struct DecoderTests {
    @Test(arguments: [
        ("application/vnd.oci.image.layer.v1.tar", LayerMediaType.tar),
        ("application/vnd.oci.image.layer.v1.tar+gzip", .tarGzip),
        ("application/vnd.oci.image.layer.v1.tar+zstd", .tarZstd),
        ("application/vnd.docker.image.rootfs.diff.tar.gzip", .tarGzip),
        ("application/vnd.docker.image.rootfs.diff.tar", .tar),
        ("application/vnd.docker.image.rootfs.diff.tar.zstd", .tarZstd),
    ])
    func mediaTypesChooseOneCodec(text: String, expected: LayerMediaType) throws {
        #expect(try LayerMediaType(text) == expected)
    }

    @Test func layersFromElsewhereAndUnknownOnesAreErrors() {
        let foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
        #expect(throws: LayerError.notDistributable(foreign)) { _ = try LayerMediaType(foreign) }
        for text in [
            "", "application/vnd.oci.image.layer.v1.tar+xz", "text/html",
            "application/vnd.oci.image.layer.v1.tar+gzip ",
        ] {
            #expect(throws: LayerError.unknownMediaType(text)) { _ = try LayerMediaType(text) }
        }
    }

    // Small pieces cut headers, trailers and blocks at every place.
    @Test(arguments: [1, 2, 7, 17, 4096, 262_144], [1, 3, 1000, 65_536])
    func gzipOfSeveralMembersIsOneStream(pieceSize: Int, outputSize: Int) throws {
        let (first, second) = (noise(40_000), Array(repeating: UInt8(7), count: 10_000))
        let blob =
            try compressed(first, with: ["gzip", "-9"])
            + compressed([], with: ["gzip"]) + compressed(second, with: ["gzip", "-1"])
        #expect(try decode(blob, .gzip, pieceSize, outputSize) == first + second)
    }

    @Test(arguments: [1, 7, 4096, 262_144], [1, 1000, 65_536])
    func zstdOfSeveralFramesIsOneStream(pieceSize: Int, outputSize: Int) throws {
        let (first, second) = (noise(40_000), Array(repeating: UInt8(7), count: 10_000))
        let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
        let blob =
            try skippable + compressed(first, with: ["zstd", "-q", "-c"])
            + skippable + compressed(second, with: ["zstd", "-q", "-19", "-c"]) + skippable
        #expect(try decode(blob, .zstd, pieceSize, outputSize) == first + second)
    }

    @Test(arguments: [1, 16, 262_144])
    func brokenGzipIsNamed(pieceSize: Int) throws {
        let whole = try compressed(noise(5000), with: ["gzip"])
        let bad: [([UInt8], CompressionFault)] = [
            ([], .truncated),
            (Array(whole.dropLast()), .truncated),
            (Array(whole.dropLast(8)), .truncated),
            (Array(whole.dropLast(9)), .truncated),
            (Array(whole.prefix(5)), .truncated),
            (whole.changing(at: whole.count - 8), .checksum),
            (whole.changing(at: whole.count - 1), .checksum),
            (whole + [1], .truncated),
            (whole + Array("garbage garbage".utf8), .notOfThisCodec),
            (whole + [UInt8](repeating: 0, count: 512), .notOfThisCodec),
            (whole + whole.prefix(20), .truncated),
            (noise(5000), .notOfThisCodec),
            (try compressed(noise(5000), with: ["zstd", "-q", "-c"]), .notOfThisCodec),
        ]
        for (index, (blob, expected)) in bad.enumerated() {
            #expect(try fault(of: blob, .gzip, pieceSize) == expected, "case \(index)")
        }
    }

    @Test(arguments: [1, 16, 262_144])
    func brokenZstdIsNamed(pieceSize: Int) throws {
        let whole = try compressed(noise(5000), with: ["zstd", "-q", "-c", "--check"])
        let bad: [([UInt8], CompressionFault)] = [
            ([], .truncated),
            (Array(whole.dropLast()), .truncated),
            (Array(whole.prefix(5)), .truncated),
            (whole.changing(at: whole.count - 1), .checksum),
            (whole + [1, 2, 3, 4, 5], .notOfThisCodec),
            (whole + whole.prefix(20), .truncated),
            (try compressed(noise(5000), with: ["gzip"]), .notOfThisCodec),
            // A frame that asks for a window of 2 TiB.
            ([0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xF8, 0x01, 0x00, 0x00], .windowTooLarge),
        ]
        for (index, (blob, expected)) in bad.enumerated() {
            #expect(try fault(of: blob, .zstd, pieceSize) == expected, "case \(index)")
        }
    }

    @Test(arguments: [1, 7, 4096, 262_144], [1, 1000, 65_536])
    func xzOfSeveralStreamsBlocksAndPaddingsIsOneStream(pieceSize: Int, outputSize: Int) throws {
        let (first, second) = (noise(40_000), Array(repeating: UInt8(7), count: 10_000))
        let blob =
            try compressed(first, with: ["xz", "--block-size=10000"])
            + [UInt8](repeating: 0, count: 8) + compressed([], with: ["xz", "--check=sha256"])
            + compressed(second, with: ["xz", "-9e", "--check=crc32"])
            + [UInt8](repeating: 0, count: 4)
        #expect(try decode(blob, .xz, pieceSize, outputSize) == first + second)
    }

    @Test(arguments: [1, 16, 262_144])
    func brokenXzIsNamed(pieceSize: Int) throws {
        let whole = try compressed(noise(5000), with: ["xz"])
        let bad: [([UInt8], CompressionFault)] = [
            ([], .truncated),
            (Array(whole.dropLast()), .truncated),
            (Array(whole.dropLast(12)), .truncated),
            (Array(whole.prefix(5)), .truncated),
            (whole.changing(at: whole.count - 1), .invalidData),
            (whole.changing(at: whole.count / 2), .invalidData),
            (whole + [1, 2, 3, 4], .truncated),
            (whole + Array("garbage garbage".utf8), .invalidData),
            // Padding comes in multiples of four bytes.
            (whole + [0, 0, 0], .invalidData),
            (whole + [0, 0, 0, 0, 0] + whole, .invalidData),
            (whole + whole.prefix(20), .truncated),
            (noise(5000), .notOfThisCodec),
            (try compressed(noise(5000), with: ["gzip"]), .notOfThisCodec),
            // What came before .xz has neither checks nor an end that can be told from a cut.
            (try compressed(noise(5000), with: ["xz", "--format=lzma"]), .notOfThisCodec),
            // A dictionary of 512 MiB.
            (
                try compressed(noise(5000), with: ["xz", "--lzma2=dict=512MiB"]), .windowTooLarge
            ),
        ]
        for (index, (blob, expected)) in bad.enumerated() {
            #expect(try fault(of: blob, .xz, pieceSize) == expected, "case \(index)")
        }
    }

    @Test func xzOfAnUnknownCheckIsRefused() throws {
        var blob = try compressed(noise(100), with: ["xz", "--check=crc32"])
        // Check ID 2 is reserved; the header's CRC is made to fit.
        blob.replaceSubrange(6..<12, with: [0, 2, 0xD3, 0x73, 0xD7, 0xAF])
        #expect(try fault(of: blob, .xz, 4096) == .invalidData)
    }

    @Test func everyFlippedBitOfXzIsAnErrorOrChangesNothing() throws {
        let text = noise(600)
        let whole = try compressed(text, with: ["xz"])
        for index in whole.indices {
            let decoded = try? decode(whole.changing(at: index), .xz, 64, 4096)
            #expect(decoded == nil || decoded == text, "byte \(index)")
        }
    }

    @Test(arguments: [Codec.none, .gzip, .zstd, .xz, .bzip2])
    func wholeFilesAreDecodedUpToALimit(codec: Codec) throws {
        let text = noise(300_000)
        let program =
            switch codec {
            case .none: ["cat"]
            case .gzip: ["gzip"]
            case .zstd: ["zstd", "-q", "-c"]
            case .xz: ["xz"]
            case .bzip2: ["bzip2"]
            }
        let blob = try compressed(text, with: program)
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("blob")
        try Data([1, 2, 3] + blob + [4]).write(to: URL(fileURLWithPath: path.string))
        let part = BlobPart(of: path, range: 3..<Int64(3 + blob.count))
        #expect(try decompress(part, codec, limit: 300_000) == text)
        #expect(throws: LayerError.limit(.bytes)) {
            try decompress(part, codec, limit: 299_999)
        }
    }

    @Test func everyFlippedBitOfGzipIsAnErrorOrChangesNothing() throws {
        let text = noise(600)
        let whole = try compressed(text, with: ["gzip", "-n"])
        for index in whole.indices {
            let decoded = try? decode(whole.changing(at: index), .gzip, 64, 4096)
            #expect(decoded == nil || decoded == text, "byte \(index)")
        }
    }
}
