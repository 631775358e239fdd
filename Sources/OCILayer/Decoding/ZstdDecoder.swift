// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: RFC 8878; zstd.h, "Streaming decompression".

import CZstd
import OCIStore

/// Decodes Zstandard through libzstd.
///
/// A blob may have several frames, skippable ones among them; libzstd checks the checksum of each
/// that has one. Anything after the last one that is no frame is refused.
@safe
struct ZstdDecoder: LayerDecoder, ~Copyable {
    /// 128 MiB, what `zstd --long` makes at most by itself; RFC 8878 asks for 8 MiB at least.
    private static let maximumWindowLog: CInt = 27

    private var blob: BlobReader
    private let context: OpaquePointer
    /// What libzstd said last: 0 after a whole frame, else that there is more to come.
    private var expected = 1

    init(_ blob: consuming BlobReader) throws(LayerError) {
        guard let context = unsafe ZSTD_createDCtx() else {
            throw .compression(.windowTooLarge, offset: 0)
        }
        unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.maximumWindowLog)
        unsafe self.context = context
        self.blob = blob
    }

    deinit { unsafe ZSTD_freeDCtx(context) }

    var consumed: Int64 { blob.consumed }

    mutating func decode(into output: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
        var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        while unsafe target.pos < target.size {
            let isAtEnd = try blob.isAtEnd()
            if isAtEnd, expected == 0 { break }
            let before = unsafe target.pos
            try unsafe decode(into: &target)
            // With no input left libzstd may still have output; where not, the frame was cut.
            if isAtEnd, expected != 0, unsafe target.pos == before {
                throw .compression(.truncated, offset: consumed)
            }
        }
        return unsafe target.pos
    }

    private mutating func decode(into target: inout ZSTD_outBuffer) throws(LayerError) {
        let input = unsafe blob.rest
        var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        let result = unsafe ZSTD_decompressStream(context, &target, &source)
        unsafe blob.consume(source.pos)
        guard ZSTD_isError(result) == 0 else {
            throw .compression(Self.fault(of: result), offset: consumed)
        }
        expected = result
    }

    private static func fault(of result: Int) -> CompressionFault {
        switch ZSTD_getErrorCode(result) {
        case ZSTD_error_prefix_unknown: .notOfThisCodec
        case ZSTD_error_checksum_wrong: .checksum
        case ZSTD_error_frameParameter_windowTooLarge, ZSTD_error_memory_allocation: .windowTooLarge
        default: .invalidData
        }
    }
}
