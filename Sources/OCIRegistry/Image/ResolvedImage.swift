// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore

/// What a reference and a platform stand for, before any layer is fetched.
public struct ResolvedImage: Hashable, Sendable {
    /// The index that the reference led to; `nil` where it led to a manifest.
    public let index: Digest?
    /// The manifest.
    public let manifest: Descriptor
    /// The layers from the bottom up, as stored at the registry; as many as `diffIDs`.
    public let layers: [Descriptor]
    /// How the image wants its programs run.
    public let configuration: ImageConfiguration
    /// The digest of the configuration blob.
    public let configurationDigest: Digest
    /// The digests of the layers' uncompressed tars, from the bottom up.
    public let diffIDs: [Digest]
}
