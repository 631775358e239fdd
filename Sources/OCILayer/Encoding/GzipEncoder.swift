// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: RFC 1952; isa-l/igzip_lib.h.

import CISAL
import OCIStore

/// Encodes gzip through ISA-L: one member, with neither a name nor a time.
@safe
final class GzipEncoder: BlobEncoder {
    private static let outputSize = 256 * 1024

    private let stream: UnsafeMutablePointer<isal_zstream>
    private let level: UnsafeMutablePointer<UInt8>
    private let output: UnsafeMutableRawBufferPointer

    init() throws(LayerError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe level = .allocate(capacity: Int(level_1_buffer))
        unsafe output = .allocate(byteCount: Self.outputSize, alignment: 64)
        unsafe isal_deflate_init(stream)
        unsafe stream.pointee.level = 1
        unsafe stream.pointee.level_buf = level
        unsafe stream.pointee.level_buf_size = level_1_buffer
        unsafe stream.pointee.gzip_flag = UInt16(IGZIP_GZIP)
        unsafe stream.pointee.flush = UInt16(NO_FLUSH)
    }

    deinit {
        unsafe stream.deallocate()
        unsafe level.deallocate()
        unsafe output.deallocate()
    }

    func encode(
        _ bytes: UnsafeRawBufferPointer,
        isLast: Bool,
        _ take: (UnsafeRawBufferPointer) throws(LayerError) -> Void
    ) throws(LayerError) {
        // It reads from what is not const in C.
        let input = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        unsafe stream.pointee.next_in = input?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.pointee.avail_in = UInt32(bytes.count)
        unsafe stream.pointee.end_of_stream = isLast ? 1 : 0
        repeat {
            unsafe stream.pointee.next_out =
                output.assumingMemoryBound(to: UInt8.self).baseAddress
            unsafe stream.pointee.avail_out = UInt32(output.count)
            guard unsafe isal_deflate(stream) == COMP_OK else { throw .archive("out of memory") }
            let count = unsafe output.count - Int(stream.pointee.avail_out)
            if count > 0 { try unsafe take(UnsafeRawBufferPointer(rebasing: output[..<count])) }
        } while unsafe stream.pointee.avail_out == 0
    }
}
