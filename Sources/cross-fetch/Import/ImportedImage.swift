// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI image-spec v1.1, image-layout.md; Docker image specification v1.2.

import Foundation
import OCILayer
import OCIStore
import RootfsRecipe
import SystemPackage

/// An image that was found in a layout, with the files of its layers.
struct ImportedImage {
    /// As the layout calls it; `nil` where it has no name.
    let name: String?
    let index: Digest?
    let manifest: Digest
    let configuration: ImageConfiguration
    let configurationDigest: Digest
    /// From the bottom up.
    let layers: [Layer]
    /// What this program has written besides, in a bundle above all.
    var claims = Claims()

    /// What a manifest says that no engine reads; nothing of it is true until it is proven, but for
    /// names, of which there is nothing to prove.
    struct Claims {
        /// Of the layers under the names that they claim.
        var chainID: Digest?
        /// It is what came of this.
        var recipe: RecipeLock?
        /// It is what came of this.
        var step: StepRecord.Origin?

        init() {}

        init(_ annotations: [String: String]) {
            func decoded<Value: Decodable>(_ name: String) -> Value? {
                annotations[name].flatMap {
                    try? JSONDecoder().decode(Value.self, from: Data($0.utf8))
                }
            }
            chainID = annotations[Annotation.chainID].flatMap { try? Digest($0) }
            recipe = decoded(Annotation.recipe)
            step = decoded(Annotation.step)
        }
    }

    struct Layer {
        let file: FilePath
        let mediaType: LayerMediaType
        /// Of the file; `nil` where only what it holds was announced.
        let blob: Digest?
        let diffID: Digest
        /// What it says it was called where it was written.
        var claim: Digest?
    }

    private struct Entry: Decodable {
        let mediaType: String?
        let digest: Digest
        let platform: Platform?
        let annotations: [String: String]?
    }

    private struct Index: Decodable { let manifests: [Entry] }

    private struct Manifest: Decodable {
        struct Layer: Decodable {
            let mediaType: String
            let digest: Digest
            let annotations: [String: String]?
        }

        let config: Descriptor
        let layers: [Layer]
        let annotations: [String: String]?
    }

    private struct Configuration: Decodable {
        struct Layers: Decodable { let diff_ids: [Digest] }
        let config: ImageConfiguration?
        let rootfs: Layers
        let os: String?
        let architecture: String?
        let variant: String?
    }

    private struct DockerImage: Decodable {
        let Config: String
        let RepoTags: [String]?
        let Layers: [String]
    }

    /// The images of a layout that are for a platform.
    ///
    /// - Throws: `ImportError`.
    static func list(
        in files: borrowing ImportedFiles,
        of source: FilePath,
        for platform: Platform
    ) throws(ImportError) -> [ImportedImage] {
        if let bytes = try files.document("index.json") {
            let index: Index = try decode(bytes, "index.json")
            var images: [ImportedImage] = []
            for entry in index.manifests {
                if let image = try image(entry, files, platform) { images.append(image) }
            }
            guard !images.isEmpty else { throw .platform(platform) }
            return images
        }
        guard let bytes = try files.document("manifest.json") else { throw .noImage(source) }
        let entries: [DockerImage] = try decode(bytes, "manifest.json")
        return try entries.map { (entry) throws(ImportError) in try image(entry, files) }
    }

    /// What an entry of a layout's index stands for; one level of indexes below it is looked into.
    private static func image(
        _ entry: Entry,
        _ files: borrowing ImportedFiles,
        _ platform: Platform
    ) throws(ImportError) -> ImportedImage? {
        let name =
            entry.annotations?["io.containerd.image.name"]
            ?? entry.annotations?["org.opencontainers.image.ref.name"]
        let bytes = try blob(entry.digest, files)
        guard let inner = try? JSONDecoder().decode(Index.self, from: Data(bytes)) else {
            return try image(bytes, entry.digest, index: nil, name, files, platform)
        }
        for candidate in inner.manifests where candidate.platform.map(platform.accepts) ?? true {
            let bytes = try blob(candidate.digest, files)
            if let image = try image(
                bytes,
                candidate.digest,
                index: entry.digest,
                name,
                files,
                platform
            ) {
                return image
            }
        }
        return nil
    }

    private static func image(
        _ bytes: [UInt8],
        _ digest: Digest,
        index: Digest?,
        _ name: String?,
        _ files: borrowing ImportedFiles,
        _ platform: Platform
    ) throws(ImportError) -> ImportedImage? {
        let manifest: Manifest = try decode(bytes, "\(digest)")
        let configuration: Configuration = try decode(
            try blob(manifest.config.digest, files),
            "\(manifest.config.digest)"
        )
        if let os = configuration.os, let architecture = configuration.architecture {
            let own = Platform(os: os, architecture: architecture, variant: configuration.variant)
            guard platform.accepts(own) else { return nil }
        }
        let diffIDs = configuration.rootfs.diff_ids
        guard diffIDs.count == manifest.layers.count else { throw .malformed("\(digest)") }
        var layers: [Layer] = []
        for (descriptor, diffID) in zip(manifest.layers, diffIDs) {
            let mediaType = try wording({ ImportError.layer(diffID, $0) }) {
                () throws(LayerError) in
                try LayerMediaType(descriptor.mediaType)
            }
            layers.append(
                Layer(
                    file: try files.file("blobs/sha256/\(descriptor.digest.hex)"),
                    mediaType: mediaType,
                    blob: descriptor.digest,
                    diffID: diffID,
                    claim: descriptor.annotations?[Annotation.layer].flatMap { try? Digest($0) }
                )
            )
        }
        return ImportedImage(
            name: name,
            index: index,
            manifest: digest,
            configuration: configuration.config ?? ImageConfiguration(),
            configurationDigest: manifest.config.digest,
            layers: layers,
            claims: Claims(manifest.annotations ?? [:])
        )
    }

    /// An image of Docker's own archives, which have no manifest as registries have them.
    private static func image(
        _ entry: DockerImage,
        _ files: borrowing ImportedFiles
    ) throws(ImportError) -> ImportedImage {
        guard let bytes = try files.document(entry.Config) else { throw .missing(entry.Config) }
        let configuration: Configuration = try decode(bytes, entry.Config)
        let diffIDs = configuration.rootfs.diff_ids
        guard diffIDs.count == entry.Layers.count else { throw .malformed("manifest.json") }
        var layers: [Layer] = []
        for (name, diffID) in zip(entry.Layers, diffIDs) {
            let file = try files.file(name)
            let codec = try wording({ ImportError.layer(diffID, $0) }) { () throws(LayerError) in
                try Codec(announcedBy: file)
            }
            let mediaType: LayerMediaType =
                switch codec {
                case .gzip: .tarGzip
                case .zstd: .tarZstd
                case .none, .xz, .bzip2: .tar
                }
            layers.append(Layer(file: file, mediaType: mediaType, blob: nil, diffID: diffID))
        }
        let digest = Digest.of(bytes)
        return ImportedImage(
            name: entry.RepoTags?.first,
            index: nil,
            manifest: digest,
            configuration: configuration.config ?? ImageConfiguration(),
            configurationDigest: digest,
            layers: layers
        )
    }

    /// A document of a layout, which has the digest that names it.
    private static func blob(
        _ digest: Digest,
        _ files: borrowing ImportedFiles
    ) throws(ImportError) -> [UInt8] {
        let name = "blobs/sha256/\(digest.hex)"
        guard let bytes = try files.document(name) else { throw .missing(name) }
        let found = Digest.of(bytes)
        guard found == digest else { throw .digest(name, expected: digest, found: found) }
        return bytes
    }

    private static func decode<Document: Decodable>(
        _ bytes: [UInt8],
        _ name: String
    ) throws(ImportError) -> Document {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else {
            throw .malformed(name)
        }
        return document
    }
}
