// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI image-spec v1.1, config.md.

import OCIStore

/// The configuration blob of an image, as far as it is used.
struct ConfigurationDocument: Decodable {
    struct RootFileSystem: Decodable {
        var diffIDs: [Digest]

        enum CodingKeys: String, CodingKey {
            case diffIDs = "diff_ids"
        }
    }

    var architecture: String?
    var os: String?
    var variant: String?
    var config: ImageConfiguration?
    var rootfs: RootFileSystem

    /// What the image says it is for; `nil` where it does not say.
    var platform: Platform? {
        guard let os, let architecture, !os.isEmpty, !architecture.isEmpty else { return nil }
        return Platform(os: os, architecture: architecture, variant: variant)
    }
}
