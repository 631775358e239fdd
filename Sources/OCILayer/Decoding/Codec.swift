// SPDX-License-Identifier: MIT OR Apache-2.0

package import SystemPackage

/// How bytes are compressed; exactly one codec, chosen by what announces them.
///
/// Only a file that nothing announces, such as one that an `ADD` names, is looked at.
package enum Codec: Hashable, Sendable {
    /// Not compressed.
    case none
    /// One or more gzip members.
    case gzip
    /// One or more Zstandard frames.
    case zstd
    /// One or more xz streams.
    case xz
    /// One or more bzip2 streams.
    case bzip2
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
    case .bzip2: try drain(try Bzip2Decoder(blob), limit: limit)
    }
}

/// Decodes no more of a file than its first bytes.
///
/// - Parameters:
///   - file: read as far as needed.
///   - codec: how it is compressed.
///   - count: how many bytes are wanted.
/// - Returns: so many bytes, or all where there are fewer.
/// - Throws: `LayerError.compression`, or `.store` where it cannot be read.
package func decompressBeginning(
    of file: FilePath,
    _ codec: Codec,
    count: Int
) throws(LayerError) -> [UInt8] {
    let blob = try BlobReader(opening: BlobPart(of: file))
    return switch codec {
    case .none: try beginning(PlainDecoder(blob), count)
    case .gzip: try beginning(GzipDecoder(blob), count)
    case .zstd: try beginning(try ZstdDecoder(blob), count)
    case .xz: try beginning(try XzDecoder(blob), count)
    case .bzip2: try beginning(try Bzip2Decoder(blob), count)
    }
}

private func beginning(
    _ decoder: consuming some LayerDecoder & ~Copyable,
    _ count: Int
) throws(LayerError) -> [UInt8] {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
    defer { unsafe piece.deallocate() }
    var filled = 0
    while filled < count {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: piece[filled...])
        let step = try unsafe decoder.decode(into: rest)
        guard step > 0 else { break }
        filled += step
    }
    return unsafe Array(piece[..<filled])
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
