// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI image-spec v1.1, media-types.md; Docker image manifest v2, schema 2.

/// The media types of documents that describe an image.
enum MediaType {
    static let manifests = [
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ]
    static let indexes = [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
    ]
    static let configurations = [
        "application/vnd.oci.image.config.v1+json",
        "application/vnd.docker.container.image.v1+json",
    ]

    /// The `Accept` header of a request for a manifest.
    static let accepted = (manifests + indexes).joined(separator: ", ")

    /// A `Content-Type` without its parameters.
    static func essence(_ header: String) -> String {
        header.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
    }
}
