// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore

/// Turns a blob into the tar archive in it, strictly: what ends well was whole and is nothing else.
protocol LayerDecoder: ~Copyable {
    /// Decodes the next bytes.
    ///
    /// - Parameter output: not empty.
    /// - Returns: how many bytes came; 0 after the last, when all checks have passed.
    /// - Throws: `LayerError.compression`, or `.store` where the blob cannot be read.
    mutating func decode(into output: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int

    /// The bytes of the blob that were read so far.
    var consumed: Int64 { get }
}

/// Hands out a blob that is not compressed.
struct PlainDecoder: LayerDecoder, ~Copyable {
    private var blob: BlobReader

    init(_ blob: consuming BlobReader) {
        self.blob = blob
    }

    var consumed: Int64 { blob.consumed }

    mutating func decode(into output: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
        if try blob.isAtEnd() { return 0 }
        let count = min(output.count, unsafe blob.rest.count)
        unsafe output.copyMemory(from: UnsafeRawBufferPointer(rebasing: blob.rest[..<count]))
        blob.consume(count)
        return count
    }
}
