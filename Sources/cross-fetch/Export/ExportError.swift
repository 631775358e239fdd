// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIRegistry
import OCIStore
import SystemPackage

/// Why an image was neither written nor pushed.
enum ExportError: Error {
    /// Nothing in the environment says where the store is.
    case noStore
    /// Standard input holds no request; where in it, as the decoder says.
    case request(String)
    /// A variable of the environment has a part that means nothing.
    case setting(PullError)
    /// The directory that is to be written holds something else.
    case occupied(FilePath)
    /// What is written could not be.
    case output(StoreError)
    /// Layers that cannot be written as a blob.
    case layer(Digest, LayerError)
    case registry(RegistryError)
    case store(StoreError)
}
