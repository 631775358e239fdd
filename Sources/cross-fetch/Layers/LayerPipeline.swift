// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIStore
import SystemPackage
import Trace

/// Fetches layers in parallel, and unpacks each while the others still come, and itself where it can.
struct LayerPipeline<Source: LayerSource> {
    private enum Step {
        /// There is a place for another fetch, and a blob to unpack unless another process did.
        case fetched(FetchedLayer?)
        case unpacked
        /// Layers may have been finished for a while.
        case waited
        case published
    }

    /// Other processes may wait for a layer that is finished, and their users with them; and what is
    /// published need not be done again.
    private static var patience: Duration { .seconds(5) }

    /// A blob on disk, locked against other processes until it is unpacked.
    private struct FetchedLayer: Sendable {
        let layer: Source.Layer
        let lock: HeldLock
        let following: Following?
    }

    /// The unpacking of a layer that began before all of it was there.
    private struct Following: Sendable {
        let arrival: ArrivingBlob
        let unpacking: Task<Result<Void, Source.Failure>, Never>
    }

    private let source: Source
    private let parallelFetches: Int
    private let store: Store
    private let finished: FinishedLayers
    private let progress: Progress
    private let threads: WorkerThreads

    /// A pipeline that does nothing yet; so many fetches at once as the other side serves at full speed.
    init(
        from source: Source,
        parallelFetches: Int,
        into finished: FinishedLayers,
        of store: Store,
        progress: Progress,
        threads: WorkerThreads = WorkerThreads()
    ) {
        self.source = source
        self.parallelFetches = parallelFetches
        self.store = store
        self.finished = finished
        self.progress = progress
        self.threads = threads
    }

    /// Fetches and unpacks all of `layers`; those that were not published on the way are finished then.
    ///
    /// - Throws: the first failure, which may be that there is no room for what has to come; what is
    ///   finished is published, and what is under way is finished or left for the next run.
    func run(_ layers: [Source.Layer]) async throws(Source.Failure) {
        guard !layers.isEmpty else { return }
        try wording(source.failure) { () throws(StoreError) in
            try store.requireRoom(for: layers.map { ($0.blob, $0.size) })
        }
        progress.begin(layers)
        defer { progress.end() }
        let outcome = await withTaskGroup(of: Result<Step, Source.Failure>.self) { group in
            // What takes longest is not to be what is begun last.
            var waiting = layers.sorted { $0.size > $1.size }[...]
            var missing = layers.count
            for _ in 0..<parallelFetches {
                guard let layer = waiting.popFirst() else { break }
                group.addTask { await fetch(layer) }
            }
            group.addTask { await wait() }
            for await step in group {
                switch step {
                case .failure(let error):
                    group.cancelAll()
                    return Result<Void, Source.Failure>.failure(error)
                case .success(.unpacked):
                    missing -= 1
                    if finished.count >= FinishedLayers.most,
                        case .failure(let error) = await publish()
                    {
                        group.cancelAll()
                        return .failure(error)
                    }
                case .success(.fetched(let fetched)):
                    if let fetched {
                        group.addTask { await unpack(fetched) }
                    } else {
                        missing -= 1
                    }
                    if let layer = waiting.popFirst() { group.addTask { await fetch(layer) } }
                case .success(.waited):
                    if missing > 0 { group.addTask { await publish() } }
                case .success(.published):
                    if missing > 0 { group.addTask { await wait() } }
                }
                if missing == 0 { group.cancelAll() }
            }
            return .success(())
        }
        if case .failure = outcome { _ = await publish() }
        try outcome.get()
    }

    private func wait() async -> Result<Step, Source.Failure> {
        try? await Task.sleep(for: Self.patience)
        return .success(.waited)
    }

    private func publish() async -> Result<Step, Source.Failure> {
        await threads.wait { [self] in
            do throws(StoreError) {
                try finished.publish()
                return .success(.published)
            } catch {
                return .failure(source.failure(error))
            }
        }
    }

    private func fetch(_ layer: Source.Layer) async -> Result<Step, Source.Failure> {
        do throws(Source.Failure) {
            let lock = try await waiting(source.failure) { () async throws(StoreError) in
                try await threads.lock(.blob(layer.blob), in: store) {
                    [progress] in progress.waiting(for: $0)
                }
            }
            // Another process may have had the lock until now.
            guard !store.hasLayer(layer.key) else {
                progress.present(layer)
                return .success(.fetched(nil))
            }
            let following = source.unpacksWhileFetching ? follow(layer) : nil
            let beginning = Trace.begin()
            defer { Trace.end("fetch \(layer.blob)", since: beginning, lane: lane(of: layer)) }
            do throws(Source.Failure) {
                try await source.fetch(layer, into: store.downloadPath(layer.blob)) {
                    [progress] length in
                    progress.received(length, of: layer)
                    following?.arrival.reach(length)
                }
            } catch {
                following?.arrival.abandon()
                _ = await following?.unpacking.value
                throw error
            }
            following?.arrival.complete()
            return .success(
                .fetched(FetchedLayer(layer: layer, lock: lock, following: following))
            )
        } catch {
            return .failure(error)
        }
    }

    private func follow(_ layer: Source.Layer) -> Following {
        let arrival = ArrivingBlob()
        let unpacking = Task {
            await threads.follow { [self] in unpacked(layer, arrival: arrival) }
        }
        return Following(arrival: arrival, unpacking: unpacking)
    }

    private func unpack(_ fetched: FetchedLayer) async -> Result<Step, Source.Failure> {
        let layer = fetched.layer
        let blob = store.downloadPath(layer.blob)
        var outcome = await fetched.following?.unpacking.value
        // What came first was not the blob after all; now it is there.
        if fetched.following?.arrival.isBroken ?? true {
            outcome = await threads.work { [self] in unpacked(layer, arrival: nil) }
        }
        if case .failure(let error)? = outcome {
            // A full disk passes; a blob that cannot be unpacked never will be.
            if source.isLasting(error) { remove(blob) }
            return .failure(error)
        }
        finished.add(blob, fetched.lock)
        progress.present(layer)
        return .success(.unpacked)
    }

    /// Two lanes of the trace for each layer, one below the other.
    private func lane(of layer: Source.Layer) -> UInt32 {
        UInt32(layer.blob.hex.prefix(6), radix: 16).map { $0 << 1 } ?? 0
    }

    /// Blocks until the layer is in the store.
    private func unpacked(
        _ layer: Source.Layer,
        arrival: ArrivingBlob?
    ) -> Result<Void, Source.Failure> {
        let blob = store.downloadPath(layer.blob)
        let beginning = Trace.begin()
        defer { Trace.end("unpack \(layer.blob)", since: beginning, lane: lane(of: layer) + 1) }
        do throws(Source.Failure) {
            try source.unpack(layer, from: blob, arrival: arrival, into: finished.staged) {
                [progress] in progress.unpacked($0, of: layer)
            }
            return .success(())
        } catch {
            return .failure(error)
        }
    }
}
