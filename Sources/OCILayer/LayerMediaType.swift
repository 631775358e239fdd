// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI image-spec v1.1, layer.md; Docker image manifest v2, schema 2.

/// How a layer's blob is encoded: a tar archive, plain or in exactly one codec.
public enum LayerMediaType: Hashable, Sendable {
    /// Not compressed.
    case tar
    /// In one or more gzip members.
    case tarGzip
    /// In one or more Zstandard frames.
    case tarZstd

    /// Reads a media type.
    ///
    /// - Parameter mediaType: as a manifest's descriptor has it.
    /// - Throws: `LayerError.notDistributable` for layers that are to be had elsewhere,
    ///   `.unknownMediaType` for all else, parameters such as `;charset=` included.
    public init(_ mediaType: String) throws(LayerError) {
        switch mediaType {
        case "application/vnd.oci.image.layer.v1.tar",
            "application/vnd.docker.image.rootfs.diff.tar":
            self = .tar
        case "application/vnd.oci.image.layer.v1.tar+gzip",
            "application/vnd.docker.image.rootfs.diff.tar.gzip":
            self = .tarGzip
        case "application/vnd.oci.image.layer.v1.tar+zstd",
            "application/vnd.docker.image.rootfs.diff.tar.zstd":
            self = .tarZstd
        case "application/vnd.oci.image.layer.nondistributable.v1.tar",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
            "application/vnd.docker.image.rootfs.foreign.diff.tar",
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip":
            throw .notDistributable(mediaType)
        default: throw .unknownMediaType(mediaType)
        }
    }

    /// How its blobs are compressed.
    package var codec: Codec {
        switch self {
        case .tar: .none
        case .tarGzip: .gzip
        case .tarZstd: .zstd
        }
    }
}
