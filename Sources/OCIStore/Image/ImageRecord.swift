// SPDX-License-Identifier: MIT OR Apache-2.0

/// What the store remembers of an image that was pulled: which bytes a reference stood for.
public struct ImageRecord: Hashable, Sendable, Codable {
    /// The manifest that the reference and platform led to.
    public var manifest: Digest
    /// The configuration blob of that manifest.
    public var configurationDigest: Digest
    /// How the image wants its programs run.
    public var configuration: ImageConfiguration
    /// The layers from the bottom up, by the digest of their uncompressed tar.
    public var diffIDs: [Digest]
    /// The digest that stands for the whole stack of layers, and names the root filesystem.
    public var chainID: Digest

    /// A record of the given parts.
    ///
    /// - Parameters:
    ///   - manifest: its digest.
    ///   - configurationDigest: its configuration's digest.
    ///   - configuration: the decoded part of it.
    ///   - diffIDs: from the bottom up.
    ///   - chainID: of the last layer.
    public init(
        manifest: Digest,
        configurationDigest: Digest,
        configuration: ImageConfiguration,
        diffIDs: [Digest],
        chainID: Digest
    ) {
        self.manifest = manifest
        self.configurationDigest = configurationDigest
        self.configuration = configuration
        self.diffIDs = diffIDs
        self.chainID = chainID
    }
}
