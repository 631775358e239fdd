// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Synchronization

/// Threads for work that waits, so many at most.
///
/// Dispatch shares as many threads as there are processors among operations, global queues and Swift's
/// tasks. Where those wait, it takes a second until it starts another one, on which the network may
/// depend. A serial queue has a thread of its own at once.
final class ThreadPool: Sendable {
    private struct State {
        var threads = 0
        var pending: [@Sendable () -> Void] = []
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int = .max) {
        self.limit = limit
    }

    /// Runs the work when there is a thread for it; what came first is begun first.
    func run(_ work: @escaping @Sendable () -> Void) {
        let isAnotherNeeded = state.withLock { state in
            state.pending.append(work)
            guard state.threads < limit else { return false }
            state.threads += 1
            return true
        }
        guard isAnotherNeeded else { return }
        DispatchQueue(label: "worker").async { [self] in
            while let work = next() { work() }
        }
    }

    /// `nil` ends the thread.
    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard !state.pending.isEmpty else {
                state.threads -= 1
                return nil
            }
            return state.pending.removeFirst()
        }
    }
}
