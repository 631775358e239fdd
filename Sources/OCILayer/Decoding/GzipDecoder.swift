// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: RFC 1952; isa-l/igzip_lib.h.

import CISAL
import OCIStore

/// Decodes gzip through ISA-L.
///
/// A blob may have several members (RFC 1952, 2.2), each whole: ISA-L checks header, CRC and length
/// of each. Anything after the last one that is no member is refused, zeros too.
@safe
struct GzipDecoder: LayerDecoder, ~Copyable {
    private var blob: BlobReader
    private let state: UnsafeMutablePointer<inflate_state>

    init(_ blob: consuming BlobReader) {
        self.blob = blob
        unsafe self.state = .allocate(capacity: 1)
        unsafe isal_inflate_init(state)
        unsafe state.pointee.crc_flag = UInt32(ISAL_GZIP)
    }

    deinit { unsafe state.deallocate() }

    var consumed: Int64 { blob.consumed }

    mutating func decode(into output: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
        let size = min(output.count, Int(UInt32.max))
        unsafe state.pointee.next_out = output.assumingMemoryBound(to: UInt8.self).baseAddress
        unsafe state.pointee.avail_out = UInt32(size)
        while unsafe state.pointee.avail_out > 0 {
            let isAtEnd = try blob.isAtEnd()
            if unsafe state.pointee.block_state == ISAL_BLOCK_FINISH {
                if isAtEnd { break }
                unsafe isal_inflate_reset(state)
            }
            let before = unsafe state.pointee.avail_out
            try inflate()
            // With no input left ISA-L may still have output; where it has neither, there is none.
            if isAtEnd, unsafe state.pointee.avail_out == before,
                unsafe state.pointee.block_state != ISAL_BLOCK_FINISH
            {
                throw .compression(.truncated, offset: consumed)
            }
        }
        return unsafe size - Int(state.pointee.avail_out)
    }

    private mutating func inflate() throws(LayerError) {
        let input = unsafe blob.rest
        unsafe state.pointee.next_in = input.assumingMemoryBound(to: UInt8.self).baseAddress
        unsafe state.pointee.avail_in = UInt32(input.count)
        let result = unsafe isal_inflate(state)
        unsafe blob.consume(input.count - Int(state.pointee.avail_in))
        switch result {
        case ISAL_DECOMP_OK: return
        case ISAL_INVALID_WRAPPER, ISAL_UNSUPPORTED_METHOD:
            throw .compression(.notOfThisCodec, offset: consumed)
        case ISAL_INCORRECT_CHECKSUM: throw .compression(.checksum, offset: consumed)
        default: throw .compression(.invalidData, offset: consumed)
        }
    }
}
