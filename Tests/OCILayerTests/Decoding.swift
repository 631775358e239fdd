// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import StoreTestSupport
import SystemPackage

@testable import OCILayer

/// What is wrong with a compressed stream; `nil` where nothing is.
func fault(
    of blob: [UInt8],
    _ codec: Codec,
    _ pieceSize: Int
) throws -> CompressionFault? {
    do {
        _ = try decode(blob, codec, pieceSize, 1000)
        return nil
    } catch LayerError.compression(let fault, _) {
        return fault
    }
}

/// Decodes a stream with buffers of given sizes.
func decode(
    _ blob: [UInt8],
    _ codec: Codec,
    _ pieceSize: Int,
    _ outputSize: Int
) throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    let path = directory.path.appending("blob")
    try Data(blob).write(to: URL(fileURLWithPath: path.string))
    let reader = try BlobReader(opening: BlobPart(of: path), pieceSize: pieceSize)
    switch codec {
    case .none: return try drain(PlainDecoder(reader), outputSize)
    case .gzip: return try drain(GzipDecoder(reader), outputSize)
    case .zstd: return try drain(ZstdDecoder(reader), outputSize)
    case .xz: return try drain(XzDecoder(reader), outputSize)
    case .bzip2: return try drain(Bzip2Decoder(reader), outputSize)
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

/// Bytes that compress a little.
func noise(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) & 0x3F }
}

extension [UInt8] {
    /// The same with one bit of one byte changed.
    func changing(at index: Int) -> [UInt8] {
        var copy = self
        copy[index] ^= 4
        return copy
    }
}
