// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import OCIStore

extension Store {
    /// Removes what nothing needs any more, and says how much that was.
    ///
    /// - Throws: `StoreError`.
    func prune(_ console: Console) throws(StoreError) {
        guard let pruned = try prune() else {
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
