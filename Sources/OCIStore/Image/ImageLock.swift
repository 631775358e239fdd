// SPDX-License-Identifier: MIT OR Apache-2.0

/// What a reference stood for when it was locked: with it, the same root filesystem comes out again.
public struct ImageLock: Hashable, Sendable, Codable {
    /// The index that the reference led to; `nil` where it led to a manifest.
    public var index: Digest?
    /// The manifest for the platform.
    public var manifest: Digest
    /// The configuration blob of that manifest.
    public var configuration: Digest
    /// Of what counts in the configuration: `ImageConfiguration.settings`.
    public var settings: Digest
    /// The layers from the bottom up, by the digest of their uncompressed tar.
    public var diffIDs: [Digest]

    /// A lock of the given parts.
    ///
    /// - Parameters:
    ///   - index: its digest, if the reference led to one.
    ///   - manifest: its digest.
    ///   - configuration: its digest.
    ///   - settings: as `ImageConfiguration.settings` has them.
    ///   - diffIDs: from the bottom up.
    public init(
        index: Digest?,
        manifest: Digest,
        configuration: Digest,
        settings: Digest,
        diffIDs: [Digest]
    ) {
        self.index = index
        self.manifest = manifest
        self.configuration = configuration
        self.settings = settings
        self.diffIDs = diffIDs
    }

    /// Locks what was pulled.
    ///
    /// - Parameter record: of the image.
    public init(_ record: ImageRecord) {
        self.init(
            index: record.index,
            manifest: record.manifest,
            configuration: record.configurationDigest,
            settings: record.configuration.settings,
            diffIDs: record.diffIDs
        )
    }

    /// Whether an image is the one that was locked, however a mirror has encoded it.
    ///
    /// A mirror that compresses layers anew or translates documents between Docker's types and
    /// OCI's changes the digests of documents and blobs, but neither what the layers hold nor how
    /// programs are run.
    ///
    /// - Parameters:
    ///   - diffIDs: the image's, from the bottom up.
    ///   - configuration: the image's.
    /// - Returns: true where the same root filesystem and the same settings come out.
    public func accepts(diffIDs: [Digest], _ configuration: ImageConfiguration) -> Bool {
        self.diffIDs == diffIDs && settings == configuration.settings
    }
}

extension ImageConfiguration {
    /// What decides how programs are run, without what a translation between Docker's types and
    /// OCI's leaves out, and without annotations.
    private struct Settings: Encodable {
        let environment: [String]
        let entrypoint: [String]
        let command: [String]
        let workingDirectory: String
        let user: String
    }

    /// Stands for how the image wants its programs run.
    public var settings: Digest {
        Digest(
            canonical: Settings(
                environment: environment,
                entrypoint: entrypoint,
                command: command,
                workingDirectory: workingDirectory,
                user: user
            )
        )
    }
}
