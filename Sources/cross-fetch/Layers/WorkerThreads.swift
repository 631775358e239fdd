// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore

/// Threads for what blocks, so that the tasks' own stay free to serve the network.
final class WorkerThreads: Sendable {
    /// Each has two more that decode and hash, and Dispatch has some 250 threads at most: who would wait
    /// for the last of them, waited for ever.
    private let working = ThreadPool(limit: min(ProcessInfo.processInfo.activeProcessorCount, 64))
    /// Each has a decoder's memory, and waits for the network most of the time.
    private let following = ThreadPool(
        limit: min(max(2, ProcessInfo.processInfo.activeProcessorCount), 4)
    )
    private let waiting = ThreadPool()

    /// Runs what keeps a processor busy, as many at once as there are.
    func work<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await run(body, on: working)
    }

    /// Runs what works on something that is still coming.
    func follow<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await run(body, on: following)
    }

    /// Runs what waits for other processes.
    func wait<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await run(body, on: waiting)
    }

    /// Takes a lock of the store, which other processes may have for long.
    func lock(
        _ name: LockName,
        in store: Store,
        waiting: @escaping @Sendable (LockHolder) -> Void
    ) async throws(StoreError) -> HeldLock {
        let result = await wait { () -> Result<HeldLock, StoreError> in
            do throws(StoreError) {
                return .success(HeldLock(try store.lock(name, waiting: waiting)))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func run<Value: Sendable>(
        _ body: @escaping @Sendable () -> Value,
        on threads: ThreadPool
    ) async -> Value {
        await withCheckedContinuation { continuation in
            threads.run { continuation.resume(returning: body()) }
        }
    }
}

/// A lock that several tasks pass on; given back with the last reference.
final class HeldLock: Sendable {
    private let lease: LockLease

    init(_ lease: consuming LockLease) {
        self.lease = lease
    }
}
