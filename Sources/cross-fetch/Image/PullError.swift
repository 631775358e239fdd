// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIRegistry
import OCIStore

/// Why a pull failed.
enum PullError: Error {
    /// Nothing in the environment says where the store is.
    case noStore
    /// A variable of the environment has a part that means nothing.
    case setting(String, String)
    /// Standard input holds no lock; where in it, as the decoder says.
    case request(String)
    case registry(RegistryError)
    /// The registry has another image than the one that was locked.
    case notAsLocked(ImageReference, locked: Digest, found: Digest)
    case store(StoreError)
    /// The layer with this blob cannot be unpacked.
    case layer(Digest, LayerError)
}
