// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/cross_toml.md, "target.TARGET.image".

import OCIStore

/// How a configuration names an image, resolved to a whole reference.
enum ImageName {
    /// Where the images of cross-rs are published.
    static let repository = "ghcr.io/cross-rs"
    /// The tag whose images have the container contract that `cross` implements.
    static let defaultTag = "main"

    /// The image for a target.
    ///
    /// - Parameters:
    ///   - configured: a whole reference, or `:tag`, `@digest` or `-sub` for the published image.
    ///   - name: what the image for the target is published as.
    ///   - published: the whole reference of the image that the target's manifest names.
    /// - Returns: `nil` where none is configured and none is published.
    /// - Throws: `ConfigurationError.invalidImage`.
    static func resolve(
        _ configured: String?,
        named name: String,
        published: String?
    ) throws(ConfigurationError) -> ImageReference? {
        let name = "\(repository)/\(name)"
        switch configured?.utf8.first {
        case nil:
            return try published.map(parse)
        case UInt8(ascii: "-"):
            return try parse((published ?? "\(name):\(defaultTag)") + (configured ?? ""))
        case UInt8(ascii: ":"), UInt8(ascii: "@"):
            return try parse(name + (configured ?? ""))
        default:
            return try parse(configured ?? "")
        }
    }

    /// A whole reference.
    static func parse(_ text: String) throws(ConfigurationError) -> ImageReference {
        do throws(ImageReferenceError) {
            return try ImageReference(text)
        } catch {
            throw .invalidImage(text, error)
        }
    }
}
