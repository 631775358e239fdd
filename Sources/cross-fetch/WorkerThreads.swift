// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation

/// Threads for what blocks, so that the tasks' own stay free to serve the network.
final class WorkerThreads: Sendable {
    private let unpacking = OperationQueue()
    private let waiting = OperationQueue()

    init() {
        unpacking.maxConcurrentOperationCount = ProcessInfo.processInfo.activeProcessorCount
    }

    /// Runs what keeps a processor busy, as many at once as there are.
    func unpack<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await run(body, on: unpacking)
    }

    /// Runs what waits for other processes.
    func wait<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await run(body, on: waiting)
    }

    private func run<Value: Sendable>(
        _ body: @escaping @Sendable () -> Value,
        on queue: OperationQueue
    ) async -> Value {
        await withCheckedContinuation { continuation in
            queue.addOperation { continuation.resume(returning: body()) }
        }
    }
}
