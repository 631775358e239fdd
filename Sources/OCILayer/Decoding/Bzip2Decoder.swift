// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: bzip2's manual, "Low-level interface".

import CBZip2
import OCIStore

/// Decodes bzip2 through libbz2.
///
/// A blob may have several streams, each whole, as parallel compressors write them; libbz2 checks the
/// CRC of each block and of each stream. Anything after the last one that is no stream is refused.
@safe
struct Bzip2Decoder: LayerDecoder, ~Copyable {
    private var blob: BlobReader
    private let stream: UnsafeMutablePointer<bz_stream>
    private var isBetweenStreams = false

    init(_ blob: consuming BlobReader) throws(LayerError) {
        unsafe self.stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: bz_stream())
        self.blob = blob
        guard unsafe BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
            throw .compression(.windowTooLarge, offset: 0)
        }
    }

    deinit {
        unsafe BZ2_bzDecompressEnd(stream)
        unsafe stream.deallocate()
    }

    var consumed: Int64 { blob.consumed }

    mutating func decode(into output: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
        let size = min(output.count, Int(UInt32.max))
        unsafe stream.pointee.next_out = output.assumingMemoryBound(to: CChar.self).baseAddress
        unsafe stream.pointee.avail_out = UInt32(size)
        while unsafe stream.pointee.avail_out > 0 {
            let isAtEnd = try blob.isAtEnd()
            if isBetweenStreams {
                if isAtEnd { break }
                try startStream()
            }
            let before = unsafe stream.pointee.avail_out
            try decompress()
            // With no input left libbz2 may still have output; where it has neither, there is none.
            if isAtEnd, !isBetweenStreams, unsafe stream.pointee.avail_out == before {
                throw .compression(.truncated, offset: consumed)
            }
        }
        return unsafe size - Int(stream.pointee.avail_out)
    }

    private mutating func startStream() throws(LayerError) {
        let (output, room) = unsafe (stream.pointee.next_out, stream.pointee.avail_out)
        unsafe BZ2_bzDecompressEnd(stream)
        unsafe stream.initialize(to: bz_stream())
        guard unsafe BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
            throw .compression(.windowTooLarge, offset: consumed)
        }
        unsafe (stream.pointee.next_out, stream.pointee.avail_out) = (output, room)
        isBetweenStreams = false
    }

    private mutating func decompress() throws(LayerError) {
        let input = unsafe blob.rest
        unsafe stream.pointee.next_in = input.assumingMemoryBound(to: CChar.self).baseAddress
        unsafe stream.pointee.avail_in = UInt32(input.count)
        let result = unsafe BZ2_bzDecompress(stream)
        unsafe blob.consume(input.count - Int(stream.pointee.avail_in))
        switch result {
        case BZ_OK: return
        case BZ_STREAM_END: isBetweenStreams = true
        case BZ_DATA_ERROR_MAGIC: throw .compression(.notOfThisCodec, offset: consumed)
        case BZ_MEM_ERROR: throw .compression(.windowTooLarge, offset: consumed)
        default: throw .compression(.invalidData, offset: consumed)
        }
    }
}
