// SPDX-License-Identifier: MIT OR Apache-2.0

/// What the store remembers of an image that was pulled: which bytes a reference stood for.
public struct ImageRecord: Hashable, Sendable, Codable {
    /// The index that the reference led to; `nil` where it led to a manifest.
    public var index: Digest?
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
    ///   - index: its digest, if the reference led to one.
    ///   - manifest: its digest.
    ///   - configurationDigest: its configuration's digest.
    ///   - configuration: the decoded part of it.
    ///   - diffIDs: from the bottom up.
    ///   - chainID: of the last layer.
    public init(
        index: Digest? = nil,
        manifest: Digest,
        configurationDigest: Digest,
        configuration: ImageConfiguration,
        diffIDs: [Digest],
        chainID: Digest
    ) {
        self.index = index
        self.manifest = manifest
        self.configurationDigest = configurationDigest
        self.configuration = configuration
        self.diffIDs = diffIDs
        self.chainID = chainID
    }

    /// Whether it was built on this machine rather than pulled: then it has neither a manifest nor
    /// a configuration as a registry would have them.
    public var isBuiltHere: Bool { manifest == chainID }
}
