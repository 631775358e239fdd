// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore

/// Why a command that fills the store cannot begin, in facts.
enum StartError: Error {
    /// The store cannot be had.
    case store(StoreError)
    /// So few files may be open at once that a run would get stuck somewhere.
    case openFiles(allowed: UInt, needed: UInt)
}
