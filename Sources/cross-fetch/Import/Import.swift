// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Glibc
import OCILayer
import OCIStore
import SystemPackage

/// From a layout or an archive on this machine to a root filesystem in the store.
struct Import {
    let source: FilePath
    let platform: Platform
    /// What the image is to be called, in place of what the layout calls it.
    let name: ImageReference?
    let store: FilePath
    let console: Console

    /// Reads the images, unpacks the layers that are missing, and publishes.
    func run() throws(ImportError) {
        let store = try wording(ImportError.store) { () throws(StoreError) in
            let store = try Store(at: self.store)
            try store.fillUntilExit()
            return store
        }
        let files =
            isDirectory
            ? ImportedFiles(directory: source)
            : try ImportedFiles.unpacked(source, into: store)
        let images = try ImportedImage.list(in: files, of: source, for: platform)
        for (image, name) in try named(images) {
            console.status("Importing", "\(name) (\(platform))")
            let staged = try wording(ImportError.store) { () throws(StoreError) in
                try StagedLayers(in: store)
            }
            var unpacked: Set<Digest> = []
            for layer in image.layers
            where !store.hasLayer(layer.diffID) && unpacked.insert(layer.diffID).inserted {
                try unpack(layer, into: staged)
            }
            try publish(image, staged, as: name, in: store)
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
        console.status("Unpacked", "\(layer.diffID.hex.prefix(12))")
    }

    private func publish(
        _ image: ImportedImage,
        _ staged: StagedLayers,
        as name: ImageReference,
        in store: Store
    ) throws(ImportError) {
        let diffIDs = image.layers.map(\.diffID)
        guard let chainID = Digest.chainID(of: diffIDs) else { throw .store(.noLayers) }
        try wording(ImportError.store) { () throws(StoreError) in
            _ = try store.materialise(diffIDs, publishing: staged)
            let record = ImageRecord(
                index: image.index,
                manifest: image.manifest,
                configurationDigest: image.configurationDigest,
                configuration: image.configuration,
                diffIDs: diffIDs,
                chainID: chainID
            )
            try store.move(name, platform: platform, to: record)
        }
    }
}
