// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import OCILayer
import OCIStore
import RootfsRecipe
import SystemPackage

/// From stacks of layers in the store to images that others read.
struct Export {
    /// What is said when a layer is where it should be.
    enum Verb: String {
        case packed = "Packed"
        case pushed = "Pushed"
    }

    let request: ExportRequest
    let compression: LayerCompression
    let verb: Verb
    let store: Store
    let console: Console

    /// More lines than this are too many to read.
    private static let fewLayers = 40

    /// Opens the store, and those below it, for as long as this process lives.
    static func opened(
        _ path: FilePath,
        _ environment: [String: String]
    ) throws(ExportError) -> Store {
        try wording(ExportError.store) { () throws(StoreError) in
            let store = try Store(at: path, above: try Store.lower(environment: environment))
            // Pruning leaves alone what is read, too.
            try store.fillUntilExit()
            return store
        }
    }

    /// Writes each layer once, and then each image's documents.
    func run(to destination: any ImageDestination) async throws(ExportError) {
        var known: [[Digest]: LayerBlob] = [:]
        for image in request.images {
            let groups = try wording(ExportError.store) { () throws(StoreError) in
                try LayerGroups(
                    image.layers,
                    in: store,
                    areApart: request.keepsPackagesApart
                ).groups
            }
            var blobs: [(layers: [Digest], blob: LayerBlob)] = []
            for (place, group) in groups.enumerated() {
                if let blob = known[group] {
                    blobs.append((group, blob))
                    continue
                }
                console.transient("             layer \(place + 1) of \(groups.count)")
                let blob = try write(group, to: destination.blobPath)
                let isNew = try await destination.take(blob)
                console.transient("")
                say(blob, isNew, place + 1, of: groups.count)
                known[group] = blob
                blobs.append((group, blob))
            }
            try await destination.take(ImageDocuments(of: image, blobs), of: image)
            let size = blobs.reduce(0) { $0 + $1.blob.size }
            console.status("Wrote", "\(Self.title(of: image)), \(bytes(size))")
        }
        try await destination.finish()
    }

    private func write(
        _ group: [Digest],
        to path: FilePath
    ) throws(ExportError) -> LayerBlob {
        do throws(LayerError) {
            return try OCILayer.export(group, of: store, to: path, compression)
        } catch {
            throw .layer(group[0], error)
        }
    }

    private func say(_ blob: LayerBlob, _ isNew: Bool, _ place: Int, of count: Int) {
        if console.isJSON {
            return console.report(
                "layer",
                [
                    ("digest", .text("\(blob.digest)")), ("diffID", .text("\(blob.diffID)")),
                    ("size", .number(blob.size)), ("step", .text(isNew ? "done" : "present")),
                ]
            )
        }
        guard count <= Self.fewLayers else { return }
        console.status(
            isNew ? verb.rawValue : "Present",
            "\(blob.digest.hex.prefix(12)), \(bytes(blob.size)) (\(place)/\(count))"
        )
    }

    private static func title(of image: ExportRequest.Image) -> String {
        if let name = image.name { return "\(name) (\(image.platform))" }
        return title(of: image.recipe)
    }

    /// What has no name is called this.
    static func title(of recipe: RecipeLock?) -> String {
        recipe.map { "a root filesystem of \($0.packages.count) packages" }
            ?? "a prepared root filesystem"
    }
}
