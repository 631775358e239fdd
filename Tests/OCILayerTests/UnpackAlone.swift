// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIStore
import SystemPackage

/// Unpacks a layer into a store and publishes it by itself; nothing of it is visible where this throws.
@discardableResult
func unpackAlone(
    _ blob: FilePath,
    arrival: ArrivingBlob? = nil,
    mediaType: LayerMediaType,
    diffID: Digest,
    into store: Store,
    limits: LayerLimits = LayerLimits(),
    progress: @escaping @Sendable (Int64) -> Void
) throws(LayerError) -> LayerSummary {
    let staged = try storing { () throws(StoreError) in try StagedLayers(in: store) }
    let summary = try unpack(
        blob,
        arrival: arrival,
        mediaType: mediaType,
        diffID: diffID,
        into: staged,
        limits: limits,
        progress: progress
    )
    try storing { () throws(StoreError) in try staged.publish() }
    return summary
}
