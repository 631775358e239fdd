// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore

import struct Crypto.SHA256

/// A layer's archive on its way into a blob: hashed, compressed, and hashed again.
final class BlobWriter {
    /// What costs something each time is done for so many bytes at once.
    private static let bufferSize = 256 * 1024

    private let file: OwnedDescriptor
    private let encoder: any BlobEncoder
    private let mediaType: String
    private var buffer: [UInt8] = []
    private var archive = SHA256()
    private var blob = SHA256()
    private var size: Int64 = 0

    /// Writes to a new, empty file.
    init(
        to file: consuming OwnedDescriptor,
        _ compression: LayerCompression
    ) throws(LayerError) {
        self.file = file
        encoder = try compression.encoder()
        mediaType = compression.mediaType
        buffer.reserveCapacity(Self.bufferSize)
    }

    /// Adds bytes of the archive.
    func append(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
        if buffer.count + bytes.count > Self.bufferSize { try flush(isLast: false) }
        guard bytes.count < Self.bufferSize else {
            return try unsafe encode(bytes, isLast: false)
        }
        unsafe buffer.append(contentsOf: bytes)
    }

    /// Ends the archive.
    ///
    /// - Returns: what the blob is.
    func finish() throws(LayerError) -> LayerBlob {
        try flush(isLast: true)
        return LayerBlob(
            mediaType: mediaType,
            digest: Digest(blob.finalize()),
            size: size,
            diffID: Digest(archive.finalize())
        )
    }

    private func flush(isLast: Bool) throws(LayerError) {
        try unsafe buffer.withUnsafeBufferPointer { (bytes) throws(LayerError) in
            try unsafe encode(UnsafeRawBufferPointer(bytes), isLast: isLast)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func encode(_ bytes: UnsafeRawBufferPointer, isLast: Bool) throws(LayerError) {
        unsafe archive.update(bufferPointer: bytes)
        try unsafe encoder.encode(bytes, isLast: isLast) { (piece) throws(LayerError) in
            unsafe blob.update(bufferPointer: piece)
            size += Int64(piece.count)
            try storing { () throws(StoreError) in try unsafe file.write(piece) }
        }
    }
}

/// A layer that was written as a blob.
public struct LayerBlob: Hashable, Sendable {
    /// How it is compressed, in OCI's words.
    public let mediaType: String
    /// Of the blob.
    public let digest: Digest
    /// Of the blob, in bytes.
    public let size: Int64
    /// Of the archive in it.
    public let diffID: Digest
}
