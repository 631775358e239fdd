// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIRegistry
import OCIStore

/// A layer that has to be fetched.
struct MissingLayer: Sendable {
    let blob: Descriptor
    let diffID: Digest
    let mediaType: LayerMediaType

    /// The layers of an image that are not in the store, each once, the largest first.
    ///
    /// - Throws: `PullError.layer` before anything is fetched, for a media type that cannot be
    ///   unpacked and for one blob that is to be two layers.
    static func list(
        of image: ResolvedImage,
        in store: Store
    ) throws(PullError) -> [MissingLayer] {
        var diffIDs: [Digest: Digest] = [:]
        var listed: Set<Digest> = []
        var missing: [MissingLayer] = []
        for (blob, diffID) in zip(image.layers, image.diffIDs) {
            let known = diffIDs.updateValue(diffID, forKey: blob.digest) ?? diffID
            do throws(LayerError) {
                guard known == diffID else {
                    throw LayerError.diffIDMismatch(expected: diffID, found: known)
                }
                let mediaType = try LayerMediaType(blob.mediaType)
                guard listed.insert(diffID).inserted, !store.hasLayer(diffID) else { continue }
                missing.append(MissingLayer(blob: blob, diffID: diffID, mediaType: mediaType))
            } catch {
                throw .layer(blob.digest, error)
            }
        }
        return missing.sorted { $0.blob.size > $1.blob.size }
    }
}
