// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore
import SystemPackage

/// Reads a blob in large pieces that keep their place in memory while a C library works on them.
@safe
struct BlobReader: ~Copyable {
    private let file: OwnedDescriptor
    private let buffer: UnsafeMutableRawBufferPointer
    private var position = 0
    private var end = 0
    private var total: Int64 = 0
    /// How many bytes of the blob were not read yet.
    private var remaining: Int64

    /// Opens a blob.
    ///
    /// - Parameters:
    ///   - part: where the blob is.
    ///   - pieceSize: in bytes; large enough that reading costs nothing beside decoding.
    /// - Throws: `LayerError.store`.
    init(opening part: BlobPart, pieceSize: Int = 256 * 1024) throws(LayerError) {
        do throws(StoreError) {
            let file = try OwnedDescriptor(opening: part.file, O_RDONLY)
            if let start = part.range?.lowerBound {
                try systemCall("lseek", part.file) { lseek(file.raw, Int(start), SEEK_SET) }
            }
            self.file = file
        } catch {
            throw .store(error)
        }
        remaining = part.range.map { Int64($0.count) } ?? .max
        unsafe self.buffer = .allocate(byteCount: pieceSize, alignment: 16)
    }

    deinit { unsafe buffer.deallocate() }

    /// The bytes of the current piece that were not consumed.
    var rest: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[position..<end])
    }

    /// The bytes of the blob that were consumed.
    var consumed: Int64 { total }

    /// Marks bytes of the current piece as consumed.
    mutating func consume(_ count: Int) {
        position += count
        total += Int64(count)
    }

    /// Whether everything was consumed; reads the next piece where the current one was.
    mutating func isAtEnd() throws(LayerError) -> Bool {
        guard position == end else { return false }
        do throws(StoreError) {
            position = 0
            let size = unsafe Int(min(Int64(buffer.count), remaining))
            end = try unsafe file.read(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<size])
            )
            remaining -= Int64(end)
            return end == 0
        } catch {
            throw .store(error)
        }
    }
}
