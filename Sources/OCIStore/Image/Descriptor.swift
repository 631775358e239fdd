// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI image-spec v1.1, descriptor.md.

/// What a document says of another blob: what it is, how long, and its digest.
public struct Descriptor: Hashable, Sendable, Codable {
    /// The media type, as written; not yet checked against what the program understands.
    public var mediaType: String
    /// The digest of the blob's bytes.
    public var digest: Digest
    /// The blob's length in bytes; may be negative in a hostile document.
    public var size: Int64
    /// For an entry of an index: the platform the manifest is for.
    public var platform: Platform?

    /// A descriptor of the given parts.
    ///
    /// - Parameters:
    ///   - mediaType: as written in the document.
    ///   - digest: of the blob.
    ///   - size: in bytes.
    ///   - platform: in an index only.
    public init(mediaType: String, digest: Digest, size: Int64, platform: Platform? = nil) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.platform = platform
    }
}
