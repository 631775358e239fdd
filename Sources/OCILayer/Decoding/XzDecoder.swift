// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: "The .xz File Format", version 1.2.0; lzma/container.h.

import CLZMA
import OCIStore

/// Decodes xz through liblzma.
///
/// A blob may have several streams with padding between and behind them, in multiples of four
/// zeros (sections 2 and 2.2); liblzma compares each block with its check and each stream with its
/// index. Anything after the last stream that is no padding is refused.
///
/// One thread decodes one blob, though Debian's packages of some size consist of several blocks: as
/// several packages are unpacked at a time, every processor is busy already.
@safe
struct XzDecoder: LayerDecoder, ~Copyable {
    /// 128 MiB; `xz -9` takes 65, which is the most that the format's own presets need.
    private static let maximumMemory: UInt64 = 128 << 20

    // container.h: LZMA_TELL_UNSUPPORTED_CHECK and LZMA_CONCATENATED, macros that Swift does not import.
    private static let flags: UInt32 = 0x02 | 0x08

    private var blob: BlobReader
    private let stream: UnsafeMutablePointer<lzma_stream>
    private var isFinished = false

    init(_ blob: consuming BlobReader) throws(LayerError) {
        unsafe self.stream = .allocate(capacity: 1)
        // What the macro LZMA_STREAM_INIT says: all zeros.
        unsafe stream.initialize(to: lzma_stream())
        self.blob = blob
        guard unsafe lzma_stream_decoder(stream, Self.maximumMemory, Self.flags) == LZMA_OK else {
            throw .compression(.windowTooLarge, offset: 0)
        }
    }

    deinit {
        unsafe lzma_end(stream)
        unsafe stream.deallocate()
    }

    var consumed: Int64 { blob.consumed }

    mutating func decode(into output: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
        unsafe stream.pointee.next_out = output.assumingMemoryBound(to: UInt8.self).baseAddress
        unsafe stream.pointee.avail_out = output.count
        while !isFinished, unsafe stream.pointee.avail_out > 0 {
            try decode(isAtEnd: try blob.isAtEnd())
        }
        return unsafe output.count - stream.pointee.avail_out
    }

    private mutating func decode(isAtEnd: Bool) throws(LayerError) {
        let input = unsafe blob.rest
        unsafe stream.pointee.next_in = UnsafePointer(
            input.assumingMemoryBound(to: UInt8.self).baseAddress
        )
        unsafe stream.pointee.avail_in = input.count
        // container.h: with several streams only LZMA_FINISH tells that there is no other.
        let result = unsafe lzma_code(stream, isAtEnd ? LZMA_FINISH : LZMA_RUN)
        unsafe blob.consume(input.count - stream.pointee.avail_in)
        switch result {
        case LZMA_OK: return
        case LZMA_STREAM_END: isFinished = true
        case LZMA_BUF_ERROR: throw .compression(.truncated, offset: consumed)
        case LZMA_FORMAT_ERROR: throw .compression(.notOfThisCodec, offset: consumed)
        case LZMA_MEMLIMIT_ERROR, LZMA_MEM_ERROR:
            throw .compression(.windowTooLarge, offset: consumed)
        default: throw .compression(.invalidData, offset: consumed)
        }
    }
}
