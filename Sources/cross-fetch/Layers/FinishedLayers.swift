// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore
import Synchronization
import SystemPackage

/// Layers that are unpacked and not yet visible, with what keeps other processes from doing the same.
final class FinishedLayers: Sendable {
    /// Two descriptors each, of 1,024.
    static let most = 200

    private struct Layer {
        let blob: FilePath
        let lock: HeldLock
    }

    let staged: StagedLayers
    private let store: Store
    private let layers = Mutex<[Layer]>([])

    init(in store: Store) throws(StoreError) {
        self.store = store
        staged = try StagedLayers(in: store)
    }

    /// So many wait to be published.
    var count: Int { layers.withLock { $0.count } }

    /// Takes a layer that was staged.
    func add(_ blob: FilePath, _ lock: HeldLock) {
        layers.withLock { $0.append(Layer(blob: blob, lock: lock)) }
    }

    /// Makes them visible, and then removes their blobs: while others still come, nothing may be lost.
    func publish() throws(StoreError) {
        let layers = take()
        try staged.publish()
        for layer in layers { remove(layer.blob) }
    }

    /// Makes them visible together with the root filesystem that they are for.
    ///
    /// Their blobs go first: what has no name any more need not be written to the disk.
    func materialise(_ diffIDs: [Digest]) throws(StoreError) {
        let layers = take()
        for layer in layers { remove(layer.blob) }
        _ = try store.materialise(diffIDs, publishing: staged)
        withExtendedLifetime(layers) {}
    }

    /// Leaves nothing of what was not published.
    func discard() { staged.discard() }

    private func take() -> [Layer] {
        layers.withLock { layers in
            defer { layers = [] }
            return layers
        }
    }
}

/// What is left of a blob is only waste: that it cannot be removed is no error.
func remove(_ blob: FilePath) {
    _ = unsafe blob.withPlatformString { unsafe unlink($0) }
}
