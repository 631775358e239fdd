// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore

/// Turns an archive into a blob, piece by piece; the same archive into the same blob.
protocol BlobEncoder: AnyObject {
    /// Encodes the next bytes.
    ///
    /// - Parameters:
    ///   - bytes: all that is at hand; they are all consumed.
    ///   - isLast: whether no more come, so that the blob is to be whole.
    ///   - take: takes what comes out, which is valid until it returns.
    /// - Throws: what `take` throws, or `LayerError.archive` where there is no memory.
    func encode(
        _ bytes: UnsafeRawBufferPointer,
        isLast: Bool,
        _ take: (UnsafeRawBufferPointer) throws(LayerError) -> Void
    ) throws(LayerError)
}

/// Hands the archive on as it is.
final class PlainEncoder: BlobEncoder {
    func encode(
        _ bytes: UnsafeRawBufferPointer,
        isLast: Bool,
        _ take: (UnsafeRawBufferPointer) throws(LayerError) -> Void
    ) throws(LayerError) {
        if unsafe !bytes.isEmpty { try unsafe take(bytes) }
    }
}
