// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Synchronization
import Trace

/// A syncfs(2) that goes on beside other work, so that the one after that work has little left to wait for.
final class EarlySynchronisation: Sendable {
    private let working = DispatchGroup()
    private let failure = Mutex<StoreError?>(nil)

    /// Begins to make durable what is staged.
    init(of staged: StagedLayers) {
        DispatchQueue(label: "disk").async(group: working) { [self] in
            do throws(StoreError) {
                try Trace.span("synchronise", lane: 1) { () throws(StoreError) in
                    try staged.staging.directory.synchroniseFileSystem()
                }
            } catch {
                failure.withLock { $0 = error }
            }
        }
    }

    /// Waits for its end.
    ///
    /// - Throws: what the disk says; syncfs(2) says it once, and not again to the next call.
    func finish() throws(StoreError) {
        working.wait()
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}
