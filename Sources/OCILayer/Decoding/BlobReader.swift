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

    /// Opens a blob.
    ///
    /// - Parameters:
    ///   - path: of the blob.
    ///   - pieceSize: in bytes; large enough that reading costs nothing beside decoding.
    /// - Throws: `LayerError.store`.
    init(opening path: FilePath, pieceSize: Int = 256 * 1024) throws(LayerError) {
        do throws(StoreError) {
            self.file = try OwnedDescriptor(opening: path, O_RDONLY)
        } catch {
            throw .store(error)
        }
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
            end = try unsafe file.read(into: buffer)
            return end == 0
        } catch {
            throw .store(error)
        }
    }
}
