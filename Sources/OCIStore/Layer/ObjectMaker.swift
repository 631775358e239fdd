// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Foundation

/// Threads that make small objects, for all layers that are written at the same time.
///
/// To make a file takes the kernel longer than it takes to read one out of an archive.
final class ObjectMaker: Sendable {
    /// Serial ones: each has a thread at once, whatever the shared threads wait for.
    private let queues: [DispatchQueue]
    /// How many batches may wait, which bounds memory.
    private let places = DispatchSemaphore(value: 0)

    init() {
        let threads = min(max(2, ProcessInfo.processInfo.activeProcessorCount), 8)
        queues = (0..<threads).map { _ in DispatchQueue(label: "objects") }
        // Dispatch stops a program that drops a semaphore below the value it started with.
        for _ in 0..<(2 * threads) { places.signal() }
    }

    /// Has a batch worked on by one of the threads, which its number chooses; waits while too many are.
    func run(_ number: Int, of group: DispatchGroup, _ batch: @escaping @Sendable () -> Void) {
        places.wait()
        queues[number % queues.count].async(group: group) { [places] in
            batch()
            places.signal()
        }
    }
}
