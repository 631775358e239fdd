// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Glibc
import OCILayer
import OCIStore
import RootfsRecipe
import SystemPackage

/// From a layout or an archive on this machine to a root filesystem in the store.
struct Import {
    let source: FilePath
    let platform: Platform
    /// What the image is to be called, in place of what the layout calls it.
    let name: ImageReference?
    let store: FilePath
    let console: Console

    /// More lines than this are too many to read.
    private static let fewLayers = 40

    /// Reads the images, unpacks the layers that are missing, and publishes.
    func run() throws(ImportError) {
        let store = try wording(ImportError.store) { () throws(StoreError) in
            try Store(filling: self.store)
        }
        let files =
            isDirectory
            ? ImportedFiles(directory: source)
            : try ImportedFiles.unpacked(source, into: store)
        let images = try ImportedImage.list(in: files, of: source, for: platform)
        // What belongs to a project has no name, and is found by what it is made of.
        for image in images where image.isNameless {
            console.status("Importing", Export.title(of: image.claims.recipe))
            try keep(image, as: try stack(image, in: store), in: store)
        }
        for (image, name) in try named(images.filter { !$0.isNameless }) {
            console.status("Importing", "\(name) (\(platform))")
            try publish(image, try stack(image, in: store), as: name, in: store)
        }
    }

    private var isDirectory: Bool {
        var status = stat()
        let result = unsafe source.withPlatformString { unsafe stat($0, &status) }
        return result == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Each image with what it will be called.
    private func named(
        _ images: [ImportedImage]
    ) throws(ImportError) -> [(ImportedImage, ImageReference)] {
        let names = images.map { $0.name ?? "" }
        if let name {
            guard images.count == 1 else { throw .noName(names) }
            return images.map { ($0, name) }
        }
        return try images.map { (image) throws(ImportError) in
            // A tag alone, as umoci and skopeo write it, says nothing of the repository.
            guard let text = image.name, text.contains(where: { $0 == "/" || $0 == ":" }),
                let name = try? ImageReference(text)
            else { throw .noName(names) }
            return (image, name)
        }
    }

    /// Brings an image's layers into the store.
    ///
    /// - Returns: what they are called there: a name that a layer claims counts where it is the digest of
    ///   what it says, or where the store has a layer of that name which says the same.
    private func stack(
        _ image: ImportedImage,
        in store: Store
    ) throws(ImportError) -> [Digest] {
        let staged = try wording(ImportError.store) { () throws(StoreError) in
            try StagedLayers(in: store)
        }
        var unpacked: Set<Digest> = []
        for layer in image.layers
        where !store.hasLayer(layer.diffID) && unpacked.insert(layer.diffID).inserted {
            try unpack(layer, into: staged)
            if image.layers.count <= Self.fewLayers {
                console.status("Unpacked", "\(layer.diffID.hex.prefix(12))")
            }
        }
        return try wording(ImportError.store) { () throws(StoreError) in
            try staged.publish()
            return try image.layers.map { (layer) throws(StoreError) in
                try layer.provenName(in: store)
            }
        }
    }

    private func unpack(_ layer: ImportedImage.Layer, into staged: StagedLayers) throws(ImportError)
    {
        if let blob = layer.blob {
            let found = try wording(ImportError.store) { () throws(StoreError) in
                try OwnedDescriptor(opening: layer.file, O_RDONLY | O_NOFOLLOW).digest().0
            }
            guard found == blob else {
                throw .digest("blobs/sha256/\(blob.hex)", expected: blob, found: found)
            }
        }
        do throws(LayerError) {
            try OCILayer.unpack(
                layer.file,
                mediaType: layer.mediaType,
                diffID: layer.diffID,
                into: staged
            ) { _ in }
        } catch {
            throw .layer(layer.diffID, error)
        }
    }

    /// Remembers what came of a recipe or of a step; what the store knows of it already counts more.
    private func keep(
        _ image: ImportedImage,
        as layers: [Digest],
        in store: Store
    ) throws(ImportError) {
        try wording(ImportError.store) { () throws(StoreError) in
            let lease = try store.materialise(layers)
            if let lock = image.claims.recipe, let chainID = Digest.chainID(of: layers) {
                let record = RecipeRecord(lock: lock, layers: layers, chainID: chainID)
                for name in [lock.digest, lock.recipe] {
                    let known: RecipeRecord? = try store.recipe(name)
                    if known?.layers.allSatisfy(store.hasLayer) == true { continue }
                    try store.record(record, asRecipe: name)
                }
            }
            if let step = image.claims.step, layers.indices.contains(step.below) {
                let base = Digest.chainID(of: Array(layers[..<step.below]))
                let key = StepRecord.key(of: step.step, above: base)
                if try store.step(key)?.layers.allSatisfy(store.hasLayer) != true {
                    try store.record(StepRecord(layers: layers, origin: step), asStep: key)
                }
            }
            _ = consume lease
        }
    }

    private func publish(
        _ image: ImportedImage,
        _ names: [Digest],
        as name: ImageReference,
        in store: Store
    ) throws(ImportError) {
        let diffIDs = image.layers.map(\.diffID)
        guard let chainID = Digest.chainID(of: diffIDs) else { throw .store(.noLayers) }
        try wording(ImportError.store) { () throws(StoreError) in
            var record = ImageRecord(
                index: image.index,
                manifest: image.manifest,
                configurationDigest: image.configurationDigest,
                configuration: image.configuration,
                diffIDs: diffIDs,
                chainID: chainID
            )
            // It was built where it comes from, and is here what it was there.
            if let built = Digest.chainID(of: names), built == image.claims.chainID,
                names != diffIDs
            {
                record = ImageRecord(
                    manifest: built,
                    configurationDigest: built,
                    configuration: image.configuration,
                    diffIDs: names,
                    chainID: built
                )
            }
            _ = try store.materialise(record.diffIDs)
            try store.move(name, platform: platform, to: record)
        }
    }
}

extension ImportedImage {
    /// Whether it is part of a bundle, and not an image that somebody names.
    fileprivate var isNameless: Bool {
        name == nil && (claims.recipe != nil || claims.step != nil)
    }
}

extension ImportedImage.Layer {
    /// The name that it claims where that is its own, else its diff ID.
    fileprivate func provenName(in store: Store) throws(StoreError) -> Digest {
        guard let claim, claim != diffID else { return diffID }
        let content = try store.contentKey(of: diffID)
        if content == claim {
            try store.alias(diffID, as: claim)
            return claim
        }
        guard store.hasLayer(claim), try store.contentKey(of: claim) == content else {
            return diffID
        }
        return claim
    }
}
