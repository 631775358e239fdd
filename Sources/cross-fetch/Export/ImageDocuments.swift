// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI image-spec v1.1, config.md, manifest.md, image-index.md, image-layout.md.

import Foundation
import OCILayer
import OCIStore
import RootfsRecipe

/// The names under which documents say what only this program reads.
enum Annotation {
    /// Of a layer: what the store called it that has written it.
    static let layer = "cross.layer"
    /// Of a manifest: the chain ID of the layers under those names.
    static let chainID = "cross.chain-id"
    /// Of a manifest: the recipe's lock, as JSON.
    static let recipe = "cross.recipe"
    /// Of a manifest: the step that has made the topmost layers, as JSON.
    static let step = "cross.step"
    /// What containerd calls the image, and podman.
    static let names = ["io.containerd.image.name", "org.opencontainers.image.ref.name"]
}

/// A manifest and its configuration, of an image whose layers are blobs by now.
struct ImageDocuments {
    static let mediaType = "application/vnd.oci.image.manifest.v1+json"
    private static let configurationType = "application/vnd.oci.image.config.v1+json"

    let configuration: [UInt8]
    let manifest: [UInt8]

    /// - Parameters:
    ///   - image: as it was asked for.
    ///   - blobs: of its layers, each with those that it holds.
    init(of image: ExportRequest.Image, _ blobs: [(layers: [Digest], blob: LayerBlob)]) {
        configuration = Self.json(
            Configuration(
                architecture: image.platform.architecture,
                os: image.platform.os,
                variant: image.platform.variant,
                config: image.configuration,
                rootfs: .init(diff_ids: blobs.map(\.blob.diffID))
            )
        )
        // What stays apart is told apart; what is merged has no name of its own.
        let areApart = blobs.allSatisfy { $0.layers.count == 1 }
        let chainID = areApart ? Digest.chainID(of: image.layers) : nil
        manifest = Self.json(
            Manifest(
                config: Blob(
                    mediaType: Self.configurationType,
                    digest: Digest.of(configuration),
                    size: Int64(configuration.count)
                ),
                layers: blobs.map { layers, blob in
                    Blob(
                        mediaType: blob.mediaType,
                        digest: blob.digest,
                        size: blob.size,
                        annotations: layers.count == 1 && layers[0] != blob.diffID
                            ? [Annotation.layer: "\(layers[0])"] : nil
                    )
                },
                annotations: Self.annotations(image, chainID)
            )
        )
    }

    /// What is asked of the manifest, and what is not in every image's.
    private static func annotations(
        _ image: ExportRequest.Image,
        _ chainID: Digest?
    ) -> [String: String]? {
        var found: [String: String] = [:]
        found[Annotation.chainID] = chainID.map { "\($0)" }
        found[Annotation.recipe] = image.recipe.map { text(json($0)) }
        found[Annotation.step] = image.step.map { text(json($0)) }
        return found.isEmpty ? nil : found
    }

    /// The index of a layout.
    static func index(_ images: [(image: ExportRequest.Image, manifest: [UInt8])]) -> [UInt8] {
        json(
            Index(
                manifests: images.map { image, manifest in
                    Blob(
                        mediaType: mediaType,
                        digest: Digest.of(manifest),
                        size: Int64(manifest.count),
                        annotations: image.name.map { name in
                            Dictionary(uniqueKeysWithValues: Annotation.names.map { ($0, name) })
                        },
                        platform: image.platform
                    )
                }
            )
        )
    }

    /// The file that says that a directory is a layout.
    static let layout = Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)

    /// JSON of strings, numbers and lists of them, of which nothing can fail to encode; the same each
    /// time.
    private static func json(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array((try? encoder.encode(value)) ?? Data())
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private struct Blob: Encodable {
        let mediaType: String
        let digest: Digest
        let size: Int64
        var annotations: [String: String]?
        var platform: Platform?
    }

    private struct Manifest: Encodable {
        let schemaVersion = 2
        let mediaType = ImageDocuments.mediaType
        let config: Blob
        let layers: [Blob]
        let annotations: [String: String]?
    }

    private struct Index: Encodable {
        let schemaVersion = 2
        let mediaType = "application/vnd.oci.image.index.v1+json"
        let manifests: [Blob]
    }

    private struct Configuration: Encodable {
        struct Layers: Encodable {
            let type = "layers"
            let diff_ids: [Digest]
        }

        let architecture: String
        let os: String
        let variant: String?
        let config: ImageConfiguration
        let rootfs: Layers
    }
}
