// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
package import OCIStore
import Synchronization

import struct Crypto.SHA256

/// A tar archive as it comes out of its blob.
///
/// Decoding and hashing go on in threads of their own while the reader works on what came before:
/// where one layer is most of an image, its decoder is what all else waits for. Memory is bounded by the
/// ring between them.
package final class DecodedStream: ArchiveStream, Sendable {
    private let ring: BufferRing
    private let decoding = DispatchGroup()
    private let outcome = Mutex<Result<Digest, LayerError>?>(nil)
    private let limits: LayerLimits
    private let progress: @Sendable (Int64) -> Void

    /// Starts decoding a blob; `cancel` must follow, whatever comes in between.
    ///
    /// - Parameters:
    ///   - blob: where the blob is.
    ///   - arrival: of its file, where that is still being written.
    ///   - codec: how it is compressed.
    ///   - limits: how much may come out.
    ///   - isHashed: false where the blob itself was checked, and `digest` will be of no use.
    ///   - progress: called on another thread with how many bytes of the blob were consumed.
    package init(
        of blob: BlobPart,
        arrival: ArrivingBlob? = nil,
        _ codec: Codec,
        limits: LayerLimits,
        isHashed: Bool,
        progress: @escaping @Sendable (Int64) -> Void
    ) {
        ring = BufferRing(isInspected: isHashed)
        self.limits = limits
        self.progress = progress
        // Serial queues have threads of their own where the shared ones are all busy waiting.
        if isHashed {
            DispatchQueue(label: "layer hasher").async(group: decoding) { [self] in hash() }
        }
        DispatchQueue(label: "layer decoder").async(group: decoding) { [self] in
            do throws(LayerError) {
                let blob = try BlobReader(opening: blob, arrival: arrival)
                switch codec {
                case .none: decode(PlainDecoder(blob))
                case .gzip: decode(GzipDecoder(blob))
                case .zstd: decode(try ZstdDecoder(blob))
                case .xz: decode(try XzDecoder(blob))
                case .bzip2: decode(try Bzip2Decoder(blob))
                }
            } catch {
                _ = unsafe ring.fill { _ in fail(error) }
            }
        }
    }

    /// The next bytes, valid until the next call; none at the end.
    package func next() throws(LayerError) -> UnsafeRawBufferPointer {
        let bytes = unsafe ring.next()
        if unsafe bytes.isEmpty, case .failure(let error) = outcome.withLock({ $0 }) { throw error }
        return unsafe bytes
    }

    /// Reads the stream to its end.
    ///
    /// - Returns: the digest of the whole stream; `nil` where it is not hashed, or `cancel` came
    ///   before its end.
    /// - Throws: what is wrong with the stream.
    @discardableResult
    package func digest() throws(LayerError) -> Digest? {
        while unsafe try !next().isEmpty {}
        return try outcome.withLock { $0 }?.get()
    }

    /// Stops decoding and waits for the thread to end.
    package func cancel() {
        ring.cancel()
        decoding.wait()
    }

    /// On the decoding thread: decodes to the end, an error, or until nobody wants more.
    private func decode(_ decoder: consuming some LayerDecoder & ~Copyable) {
        var total: Int64 = 0
        var wantsMore = true
        while wantsMore {
            wantsMore = unsafe ring.fill { buffer in
                do throws(LayerError) {
                    let count = try unsafe decoder.decode(into: buffer)
                    guard count > 0 else { return 0 }
                    total += Int64(count)
                    try check(total, from: decoder.consumed)
                    progress(decoder.consumed)
                    return count
                } catch {
                    return fail(error)
                }
            }
        }
    }

    /// On the hashing thread: the digest of all that comes, unless that ends with an error.
    private func hash() {
        var hash = SHA256()
        var hasMore = true
        while hasMore {
            hasMore = unsafe ring.inspect { bytes in
                if unsafe bytes.isEmpty {
                    outcome.withLock { $0 = $0 ?? .success(Digest(hash.finalize())) }
                } else {
                    unsafe hash.update(bufferPointer: bytes)
                }
            }
        }
    }

    private func check(_ total: Int64, from consumed: Int64) throws(LayerError) {
        guard total <= limits.bytes else { throw .limit(.bytes) }
        guard total <= limits.bytesBeforeRatio || total / max(1, consumed) <= limits.ratio else {
            throw .limit(.ratio)
        }
    }

    private func fail(_ error: LayerError) -> Int {
        outcome.withLock { $0 = .failure(error) }
        return 0
    }
}
