// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import OCIStore

/// The store, for those who put it in order.
enum StoreOfUser {
    /// Opens it.
    ///
    /// - Throws: `FetchError.noStore`, or `StoreError`.
    static func open(_ host: Host) throws -> Store {
        guard let path = Store.defaultPath(environment: host.environment) else {
            throw FetchError.noStore
        }
        return try Store(at: path)
    }

    /// Removes what nothing needs any more, and says how much that was.
    ///
    /// - Throws: `StoreError`.
    static func prune(_ store: Store, _ console: Console) throws(StoreError) {
        guard let pruned = try store.prune() else {
            console.warning("another process fills the store; run this again when it has ended")
            return
        }
        let megabytes = Double(pruned.size * 10 / 1_000_000) / 10
        console.status(
            "Freed",
            "\(megabytes) MB: \(pruned.rootfs) root filesystems, \(pruned.layers) layers"
        )
    }
}
