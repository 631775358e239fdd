// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore
import SystemPackage

/// Reads a blob in large pieces that keep their place in memory while a C library works on them.
@safe
struct BlobReader: ~Copyable {
    private let file: OwnedDescriptor
    private let buffer: UnsafeMutableRawBufferPointer
    private let arrival: ArrivingBlob?
    private var position = 0
    private var end = 0
    private var total: Int64 = 0
    /// How many bytes of the blob were read, and how many were not yet.
    private var taken: Int64 = 0
    private var remaining: Int64

    /// Opens a blob.
    ///
    /// - Parameters:
    ///   - part: where the blob is.
    ///   - arrival: of its file, where that is still being written; waits for the first byte.
    ///   - pieceSize: in bytes; large enough that reading costs nothing beside decoding.
    /// - Throws: `LayerError.store`, or `.compression` where it does not arrive.
    init(
        opening part: BlobPart,
        arrival: ArrivingBlob? = nil,
        pieceSize: Int = 256 * 1024
    ) throws(LayerError) {
        if let arrival, arrival.length(beyond: 0) == nil {
            throw .compression(.truncated, offset: 0)
        }
        do throws(StoreError) {
            let file = try OwnedDescriptor(opening: part.file, O_RDONLY)
            if let start = part.range?.lowerBound {
                try systemCall("lseek", part.file) { lseek(file.raw, Int(start), SEEK_SET) }
            }
            self.file = file
        } catch {
            throw .store(error)
        }
        self.arrival = arrival
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
        let readable = try readable()
        do throws(StoreError) {
            position = 0
            let size = unsafe Int(min(Int64(buffer.count), readable))
            end = try unsafe file.read(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<size])
            )
            taken += Int64(end)
            remaining -= Int64(end)
            return end == 0
        } catch {
            throw .store(error)
        }
    }

    /// How many bytes can be read now; waits for the first of them.
    private func readable() throws(LayerError) -> Int64 {
        guard let arrival else { return remaining }
        guard let length = arrival.length(beyond: taken) else {
            throw .compression(.truncated, offset: total)
        }
        return min(remaining, length - taken)
    }
}
