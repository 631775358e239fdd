// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore
package import SystemPackage

import struct Crypto.SHA256

/// Reads files' contents out of a store.
@safe
final class StoredContents {
    private let areHashed: Bool
    private let buffer: UnsafeMutableRawBufferPointer

    /// - Parameter areHashed: whether each is compared with its digest.
    init(areHashed: Bool) {
        self.areHashed = areHashed
        unsafe buffer = .allocate(byteCount: 256 * 1024, alignment: 64)
    }

    deinit { unsafe buffer.deallocate() }

    /// Hands out the content of a layer's file.
    ///
    /// - Throws: `LayerError.store(.damaged)` where it is not what the layer says.
    func read(
        _ content: FileContent,
        of layer: borrowing StoredLayer,
        _ take: (UnsafeRawBufferPointer) throws(LayerError) -> Void
    ) throws(LayerError) {
        let file = try storing { () throws(StoreError) in try layer.open(content) }
        var hash = SHA256()
        var size: Int64 = 0
        while size <= content.size {
            let count = try storing { () throws(StoreError) in
                try unsafe file.read(into: buffer)
            }
            guard count > 0 else { break }
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
            if areHashed { unsafe hash.update(bufferPointer: bytes) }
            size += Int64(count)
            try unsafe take(bytes)
        }
        guard size == content.size, !areHashed || Digest(hash.finalize()) == content.digest else {
            throw .store(.damaged(file.path, line: nil))
        }
    }
}

/// Hands out all that a file has.
///
/// - Throws: `LayerError.store`, or what `take` throws.
package func readWhole(
    _ path: FilePath,
    _ take: (UnsafeRawBufferPointer) throws(LayerError) -> Void
) throws(LayerError) {
    let file = try storing { () throws(StoreError) in
        try OwnedDescriptor(opening: path, O_RDONLY | O_NOFOLLOW)
    }
    var buffer = [UInt8](repeating: 0, count: 256 * 1024)
    while case let count = try storing({ () throws(StoreError) in
        try file.read(into: &buffer, from: 0)
    }), count > 0 {
        try unsafe buffer.withUnsafeBufferPointer { (bytes) throws(LayerError) in
            try unsafe take(
                UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[..<count]))
            )
        }
    }
}
