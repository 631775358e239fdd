// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: zstd.h, "Streaming compression".

import CZstd
import OCIStore

/// Encodes Zstandard through libzstd: one frame, with a checksum.
@safe
final class ZstdEncoder: BlobEncoder {
    private let context: OpaquePointer
    private let output: UnsafeMutableRawBufferPointer

    /// A frame of the given level: 3 is libzstd's own; 1 costs a third of that.
    init(level: CInt = 3) throws(LayerError) {
        guard let context = unsafe ZSTD_createCCtx() else { throw .archive("out of memory") }
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        unsafe self.context = context
        unsafe output = .allocate(byteCount: ZSTD_CStreamOutSize(), alignment: 64)
    }

    deinit {
        unsafe ZSTD_freeCCtx(context)
        unsafe output.deallocate()
    }

    func encode(
        _ bytes: UnsafeRawBufferPointer,
        isLast: Bool,
        _ take: (UnsafeRawBufferPointer) throws(LayerError) -> Void
    ) throws(LayerError) {
        var source = unsafe ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        while true {
            var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
            let left = unsafe ZSTD_compressStream2(
                context,
                &target,
                &source,
                isLast ? ZSTD_e_end : ZSTD_e_continue
            )
            guard ZSTD_isError(left) == 0 else { throw .archive("out of memory") }
            let count = unsafe target.pos
            if count > 0 {
                try unsafe take(UnsafeRawBufferPointer(rebasing: output[..<count]))
            }
            let isDone = unsafe isLast ? left == 0 : source.pos == source.size
            if isDone { return }
        }
    }
}
