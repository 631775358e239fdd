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
        #expect(try decode(blob, .tarGzip, pieceSize, outputSize) == first + second)
    }

    @Test(arguments: [1, 7, 4096, 262_144], [1, 1000, 65_536])
    func zstdOfSeveralFramesIsOneStream(pieceSize: Int, outputSize: Int) throws {
        let (first, second) = (noise(40_000), Array(repeating: UInt8(7), count: 10_000))
        let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
        let blob =
            try skippable + compressed(first, with: ["zstd", "-q", "-c"])
            + skippable + compressed(second, with: ["zstd", "-q", "-19", "-c"]) + skippable
        #expect(try decode(blob, .tarZstd, pieceSize, outputSize) == first + second)
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
        for (index, (blob, fault)) in bad.enumerated() {
            #expect(try self.fault(of: blob, .tarGzip, pieceSize) == fault, "case \(index)")
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
        for (index, (blob, fault)) in bad.enumerated() {
            #expect(try self.fault(of: blob, .tarZstd, pieceSize) == fault, "case \(index)")
        }
    }

    @Test func everyFlippedBitOfGzipIsAnErrorOrChangesNothing() throws {
        let text = noise(600)
        let whole = try compressed(text, with: ["gzip", "-n"])
        for index in whole.indices {
            let decoded = try? decode(whole.changing(at: index), .tarGzip, 64, 4096)
            #expect(decoded == nil || decoded == text, "byte \(index)")
        }
    }

    private func fault(
        of blob: [UInt8],
        _ mediaType: LayerMediaType,
        _ pieceSize: Int
    ) throws -> CompressionFault? {
        do {
            _ = try decode(blob, mediaType, pieceSize, 1000)
            return nil
        } catch LayerError.compression(let fault, _) {
            return fault
        }
    }

    private func decode(
        _ blob: [UInt8],
        _ mediaType: LayerMediaType,
        _ pieceSize: Int,
        _ outputSize: Int
    ) throws -> [UInt8] {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("blob")
        try Data(blob).write(to: URL(fileURLWithPath: path.string))
        let reader = try BlobReader(opening: path, pieceSize: pieceSize)
        switch mediaType {
        case .tar: return try drain(PlainDecoder(reader), outputSize)
        case .tarGzip: return try drain(GzipDecoder(reader), outputSize)
        case .tarZstd: return try drain(ZstdDecoder(reader), outputSize)
        }
    }

    private func drain(
        _ decoder: consuming some LayerDecoder & ~Copyable,
        _ outputSize: Int
    ) throws -> [UInt8] {
        var result: [UInt8] = []
        var output = [UInt8](repeating: 0, count: outputSize)
        while true {
            let count = try unsafe output.withUnsafeMutableBytes {
                try unsafe decoder.decode(into: $0)
            }
            if count == 0 { return result }
            result += output[..<count]
        }
    }

    private func noise(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) & 0x3F }
    }
}

extension [UInt8] {
    /// The same with one bit of one byte changed.
    func changing(at index: Int) -> [UInt8] {
        var copy = self
        copy[index] ^= 4
        return copy
    }
}
