// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCILayer
import OCIRegistry
import OCIStore
import SystemPackage

/// Fetches layers in parallel, and unpacks each while the others still come.
struct LayerPipeline {
    /// What registries and their caches serve to one client at full speed.
    private static let parallelFetches = 4

    private enum Step {
        /// There is a place for another fetch, and a blob to unpack unless another process did.
        case fetched(FetchedLayer?)
        case unpacked
    }

    /// A blob on disk, locked against other processes until it is unpacked.
    private struct FetchedLayer: Sendable {
        let layer: MissingLayer
        let lock: HeldLock
    }

    let client: RegistryClient
    let store: Store
    let progress: Progress
    private let threads = WorkerThreads()

    init(client: RegistryClient, store: Store, progress: Progress) {
        self.client = client
        self.store = store
        self.progress = progress
    }

    /// Brings all of `layers` into the store.
    ///
    /// - Throws: the first failure; what is under way is finished or left for the next run.
    func run(_ layers: [MissingLayer]) async throws(PullError) {
        progress.begin(layers.map(\.blob))
        defer { progress.end() }
        let outcome = await withTaskGroup(of: Result<Step, PullError>.self) { group in
            var waiting = layers[...]
            for _ in 0..<Self.parallelFetches {
                guard let layer = waiting.popFirst() else { break }
                group.addTask { await fetch(layer) }
            }
            for await step in group {
                switch step {
                case .failure(let error):
                    group.cancelAll()
                    return Result<Void, PullError>.failure(error)
                case .success(.unpacked):
                    break
                case .success(.fetched(let fetched)):
                    if let fetched { group.addTask { await unpack(fetched) } }
                    if let layer = waiting.popFirst() { group.addTask { await fetch(layer) } }
                }
            }
            return .success(())
        }
        try outcome.get()
    }

    private func fetch(_ layer: MissingLayer) async -> Result<Step, PullError> {
        do throws(PullError) {
            let lock = try await lock(.blob(layer.blob.digest))
            // Another process may have had the lock until now.
            guard !store.hasLayer(layer.diffID) else {
                progress.present(layer.blob)
                return .success(.fetched(nil))
            }
            try await inRegistry { () async throws(RegistryError) in
                try await client.fetch(
                    layer.blob,
                    into: store.downloadPath(layer.blob.digest)
                ) { progress.received($0, of: layer.blob) }
            }
            return .success(.fetched(FetchedLayer(layer: layer, lock: lock)))
        } catch {
            return .failure(error)
        }
    }

    private func unpack(_ fetched: FetchedLayer) async -> Result<Step, PullError> {
        await threads.unpack { [store, progress] in
            let layer = fetched.layer
            let blob = store.downloadPath(layer.blob.digest)
            defer { withExtendedLifetime(fetched.lock) {} }
            do throws(LayerError) {
                try OCILayer.unpack(
                    blob,
                    mediaType: layer.mediaType,
                    diffID: layer.diffID,
                    into: store
                ) { progress.unpacked($0, of: layer.blob) }
            } catch {
                // A full disk passes; a blob that cannot be unpacked never will be.
                if case .store = error {} else { remove(blob) }
                return .failure(.layer(layer.blob.digest, error))
            }
            remove(blob)
            progress.present(layer.blob)
            return .success(.unpacked)
        }
    }

    private func lock(_ name: LockName) async throws(PullError) -> HeldLock {
        let result = await threads.wait { [store, progress] in
            do throws(StoreError) {
                return .success(
                    HeldLock(try store.lock(name) { progress.waiting(for: $0) })
                ) as Result<HeldLock, PullError>
            } catch {
                return .failure(.store(error))
            }
        }
        return try result.get()
    }
}

/// A lock that several tasks pass on; given back with the last reference.
final class HeldLock: Sendable {
    private let lease: LockLease

    init(_ lease: consuming LockLease) {
        self.lease = lease
    }
}

/// What is left of a blob is only waste: that it cannot be removed is no error.
private func remove(_ blob: FilePath) {
    _ = unsafe blob.withPlatformString { unsafe unlink($0) }
}
