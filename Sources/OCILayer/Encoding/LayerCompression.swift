// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI image-spec v1.1, layer.md.

/// How a layer's archive becomes a blob.
public enum LayerCompression: String, Hashable, Sendable, Codable, CaseIterable {
    /// As it is.
    case none
    /// Which every engine reads.
    case gzip
    /// Which engines read since about 2020: smaller, and read faster.
    case zstd

    /// The media type of such a blob.
    public var mediaType: String {
        let tar = "application/vnd.oci.image.layer.v1.tar"
        return switch self {
        case .none: tar
        case .gzip: "\(tar)+gzip"
        case .zstd: "\(tar)+zstd"
        }
    }

    /// An encoder of its own for each blob.
    func encoder() throws(LayerError) -> any BlobEncoder {
        switch self {
        case .none: PlainEncoder()
        case .gzip: try GzipEncoder()
        case .zstd: try ZstdEncoder()
        }
    }
}
