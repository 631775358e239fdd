// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIRegistry
import OCIStore
import SystemPackage

/// A layer of an image that has to be fetched.
struct ImageLayer: MissingLayer {
    let descriptor: Descriptor
    let diffID: Digest
    let mediaType: LayerMediaType

    var blob: Digest { descriptor.digest }
    var size: Int64 { descriptor.size }
    var key: Digest { diffID }

    /// The layers of an image that are not in the store, each once.
    ///
    /// - Throws: `PullError.layer` before anything is fetched, for a media type that cannot be
    ///   unpacked and for one blob that is to be two layers.
    static func list(
        of image: ResolvedImage,
        in store: Store
    ) throws(PullError) -> [ImageLayer] {
        var diffIDs: [Digest: Digest] = [:]
        var listed: Set<Digest> = []
        var missing: [ImageLayer] = []
        for (blob, diffID) in zip(image.layers, image.diffIDs) {
            let known = diffIDs.updateValue(diffID, forKey: blob.digest) ?? diffID
            do throws(LayerError) {
                guard known == diffID else {
                    throw LayerError.diffIDMismatch(expected: diffID, found: known)
                }
                let mediaType = try LayerMediaType(blob.mediaType)
                guard listed.insert(diffID).inserted else { continue }
                guard !store.hasLayer(diffID) else {
                    store.discardDownload(blob.digest)
                    continue
                }
                missing.append(ImageLayer(descriptor: blob, diffID: diffID, mediaType: mediaType))
            } catch {
                throw .layer(blob.digest, error)
            }
        }
        return missing
    }
}

/// An image's layers, as its registry gives them.
struct ImageLayers: LayerSource {
    /// What registries and their caches serve to one client at full speed.
    static let parallelFetches = 4

    let route: RegistryRoute
    let limits: LayerLimits
    let progress: Progress

    let unpacksWhileFetching = true

    func fetch(
        _ layer: ImageLayer,
        into path: FilePath,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws(PullError) {
        try await waiting(PullError.registry) { () async throws(RegistryError) in
            try await route.fetch(layer.descriptor, into: path, progress: progress)
        }
    }

    func unpack(
        _ layer: ImageLayer,
        from path: FilePath,
        arrival: ArrivingBlob?,
        into staged: StagedLayers,
        progress: @escaping @Sendable (Int64) -> Void
    ) throws(PullError) {
        do throws(LayerError) {
            let summary = try OCILayer.unpack(
                path,
                arrival: arrival,
                mediaType: layer.mediaType,
                diffID: layer.diffID,
                into: staged,
                limits: limits,
                progress: progress
            )
            self.progress.leftOut(devices: summary.devices)
        } catch {
            throw .layer(layer.blob, error)
        }
    }

    func isLasting(_ failure: PullError) -> Bool {
        switch failure {
        case .layer(_, .store), .store: false
        default: true
        }
    }

    func failure(_ error: StoreError) -> PullError { .store(error) }
}
