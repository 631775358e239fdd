// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// Threads for parts of a work whose order does not matter, as many as there are processors.
final class SpareThreads: Sendable {
    /// How many more there may be beside those that are at work, the caller's own among them.
    private let spare: Atomic<Int>
    private let working = DispatchGroup()
    private let failure = Mutex<StoreError?>(nil)

    init() {
        spare = Atomic(ProcessInfo.processInfo.activeProcessorCount - 1)
    }

    /// Does a part in a thread of its own where one is spare, and else here and now.
    ///
    /// - Throws: what the part throws here; what it throws elsewhere, `wait` does.
    func run(_ part: @escaping @Sendable () throws(StoreError) -> Void) throws(StoreError) {
        guard spare.subtract(1, ordering: .relaxed).newValue >= 0 else {
            spare.add(1, ordering: .relaxed)
            return try part()
        }
        DispatchQueue(label: "spare").async(group: working) { [self] in
            do throws(StoreError) {
                try part()
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
            spare.add(1, ordering: .relaxed)
        }
    }

    /// Waits for all parts, which others may still be begun by.
    func wait() throws(StoreError) {
        spare.add(1, ordering: .relaxed)
        working.wait()
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}
