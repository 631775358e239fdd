// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import SystemPackage

extension Store {
    /// Opens a store, or makes it, to fill it until this process ends.
    ///
    /// - Parameter path: where it is.
    /// - Throws: `StoreError`.
    init(filling path: FilePath) throws(StoreError) {
        try self.init(at: path)
        try fillUntilExit()
    }
}
