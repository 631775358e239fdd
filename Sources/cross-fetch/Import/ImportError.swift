// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIStore
import SystemPackage

/// Why an image was not imported.
enum ImportError: Error {
    /// Nothing in the environment says where the store is.
    case noStore
    /// There is neither an index nor a list of Docker's in it.
    case noImage(FilePath)
    /// An archive that cannot be taken apart.
    case archive(FilePath, LayerError)
    /// A document names a file that is not there.
    case missing(String)
    /// A document is not what it should be.
    case malformed(String)
    /// A file has another digest than what names it.
    case digest(String, expected: Digest, found: Digest)
    /// The image has no name that could be one in the store, or there are several images.
    case noName([String])
    /// There is no image for the platform.
    case platform(Platform)
    /// The layer of this diff ID cannot be unpacked.
    case layer(Digest, LayerError)
    case store(StoreError)
}
