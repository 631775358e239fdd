// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: CURLOPT_PREREQFUNCTION(3).

import Foundation
import Synchronization

/// Where the names of hosts have led, and where they must not lead.
///
/// A name says nothing of where it leads: whoever redirects from outside could name a host of their
/// own that resolves to this machine. So the address that a connection was made to is looked at,
/// before anything is sent over it. It holds for the whole process, as libcurl's defaults do.
package enum PeerAddresses {
    private struct State {
        /// By the authority of a URL, how many requests must not lead inward.
        var guarded: [String: Int] = [:]
        /// Authorities that did.
        var refused: Set<String> = []
        /// Authorities that lead to this machine or a private network, which is what was wanted.
        var inward: Set<String> = []
    }

    private static let state = Mutex(State())

    /// Whether a connection to an address may be used for a URL.
    static func admits(_ address: String, for url: String) -> Bool {
        guard HostName(address).isInward else { return true }
        guard let authority = URL(string: url)?.authority else { return false }
        return state.withLock { state in
            guard state.guarded[authority] == nil else {
                state.refused.insert(authority)
                return false
            }
            state.inward.insert(authority)
            return true
        }
    }

    /// Whether a connection for such an authority has led inward.
    ///
    /// - Parameter authority: of a URL, such as `registry.example:5000`.
    /// - Returns: true where one has in this process, and was let.
    package static func isInward(_ authority: String) -> Bool {
        state.withLock { $0.inward.contains(authority) }
    }

    /// From now on the authority must not lead inward.
    static func `guard`(_ authority: String) {
        state.withLock { $0.guarded[authority, default: 0] += 1 }
    }

    /// Ends what `guard` began.
    ///
    /// - Returns: whether a connection was refused.
    static func release(_ authority: String) -> Bool {
        state.withLock { state in
            let count = (state.guarded[authority] ?? 1) - 1
            state.guarded[authority] = count > 0 ? count : nil
            return state.refused.remove(authority) != nil
        }
    }
}
