// SPDX-License-Identifier: MIT OR Apache-2.0

package import SystemPackage

/// How bytes are compressed; exactly one codec, chosen by what announces them, never by looking.
package enum Codec: Hashable, Sendable {
    /// Not compressed.
    case none
    /// One or more gzip members.
    case gzip
    /// One or more Zstandard frames.
    case zstd
    /// One or more xz streams.
    case xz
}

/// Decodes a whole file into memory, strictly: what ends well was whole and is nothing else.
///
/// - Parameters:
///   - file: read to its end.
///   - codec: how it is compressed.
///   - limit: bytes that may come out; no more memory than that is ever taken.
/// - Returns: the decoded bytes.
/// - Throws: `LayerError.compression`, `.limit(.bytes)`, or `.store` where it cannot be read.
package func decompress(
    _ file: FilePath,
    _ codec: Codec,
    limit: Int
) throws(LayerError) -> [UInt8] {
    try decompress(BlobPart(of: file), codec, limit: limit)
}

/// Decodes a part of a file into memory; all else as for a whole one.
package func decompress(
    _ part: BlobPart,
    _ codec: Codec,
    limit: Int
) throws(LayerError) -> [UInt8] {
    let blob = try BlobReader(opening: part)
    return switch codec {
    case .none: try drain(PlainDecoder(blob), limit: limit)
    case .gzip: try drain(GzipDecoder(blob), limit: limit)
    case .zstd: try drain(try ZstdDecoder(blob), limit: limit)
    case .xz: try drain(try XzDecoder(blob), limit: limit)
    }
}

private func drain(
    _ decoder: consuming some LayerDecoder & ~Copyable,
    limit: Int
) throws(LayerError) -> [UInt8] {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 64)
    defer { unsafe piece.deallocate() }
    var bytes: [UInt8] = []
    while case let count = try unsafe decoder.decode(into: piece), count > 0 {
        guard count <= limit - bytes.count else { throw .limit(.bytes) }
        unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece[..<count]))
    }
    return bytes
}
