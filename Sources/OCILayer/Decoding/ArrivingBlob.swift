// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Synchronization

/// How far a blob's file has come that is still being written.
///
/// One thread reports, one other waits.
public final class ArrivingBlob: Sendable {
    private enum End {
        /// All of it is there and has been checked.
        case whole
        /// What was there is gone, or nothing more will come.
        case broken
    }

    private struct State {
        var length: Int64 = 0
        var end: End?
        var isAwaited = false
    }

    /// The network brings 16 KiB at a time, or less.
    private static let piece: Int64 = 128 * 1024

    private let state = Mutex(State())
    private let changed = DispatchSemaphore(value: 0)

    /// A blob of which nothing is there.
    public init() {}

    /// Whether what was read may be something else than the blob.
    public var isBroken: Bool { state.withLock { $0.end == .broken } }

    /// So many bytes are there; fewer than before means that it begins anew.
    public func reach(_ length: Int64) {
        change { state in
            if length < state.length { state.end = .broken }
            state.length = length
        }
    }

    /// All of it is there, and is what it should be.
    public func complete() {
        change { $0.end = $0.end ?? .whole }
    }

    /// Nothing more will come.
    public func abandon() {
        change { $0.end = .broken }
    }

    /// Waits until there is more, and worth a call.
    ///
    /// - Parameter position: how much the caller knows.
    /// - Returns: how much is there; `position` where that was all, `nil` where it is broken.
    func length(beyond position: Int64) -> Int64? {
        while true {
            let known = state.withLock { state -> Int64?? in
                if state.end == .broken { return .some(nil) }
                if state.length >= position + Self.piece || state.end == .whole {
                    return state.length
                }
                state.isAwaited = true
                return nil
            }
            if let known { return known }
            changed.wait()
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let isAwaited = state.withLock { state in
            body(&state)
            defer { state.isAwaited = false }
            return state.isAwaited
        }
        if isAwaited { changed.signal() }
    }
}
