// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Synchronization

/// What a task comes to, for a thread that has nothing else to do than to wait for it.
final class Finished<Value: Sendable>: Sendable {
    private let outcome = Mutex<Result<Value, HostProgramError>?>(nil)
    private let signal = DispatchSemaphore(value: 0)

    /// Tells the outcome, once.
    func end(_ result: Result<Value, HostProgramError>) {
        outcome.withLock { $0 = result }
        signal.signal()
    }

    /// Waits for the outcome.
    func wait() -> Result<Value, HostProgramError> {
        while true {
            signal.wait()
            if let result = outcome.withLock(\.self) { return result }
        }
    }
}
