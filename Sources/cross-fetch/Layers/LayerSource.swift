// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIStore
import SystemPackage

/// Something that is a layer of the store once it is fetched and unpacked.
protocol MissingLayer: Sendable {
    /// The digest of what is fetched.
    var blob: Digest { get }
    /// Its size in bytes.
    var size: Int64 { get }
    /// The name of the layer that it becomes.
    var key: Digest { get }
    /// What the user sees it called.
    var name: String { get }
}

extension MissingLayer {
    /// Long enough to tell layers apart.
    var name: String { String(blob.hex.prefix(12)) }
}

/// Where layers come from, and what becomes of them.
protocol LayerSource: Sendable {
    associatedtype Layer: MissingLayer
    associatedtype Failure: Error

    /// Fetches one to a path that is the caller's alone.
    func fetch(
        _ layer: Layer,
        into path: FilePath,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws(Failure)

    /// Whether a layer can be unpacked from its beginning on, while the rest of it still comes.
    var unpacksWhileFetching: Bool { get }

    /// Unpacks what was fetched, or is being fetched where there is an `arrival`; blocks.
    func unpack(
        _ layer: Layer,
        from path: FilePath,
        arrival: ArrivingBlob?,
        into staged: StagedLayers,
        progress: @escaping @Sendable (Int64) -> Void
    ) throws(Failure)

    /// Whether what was fetched can never be unpacked, as opposed to not now.
    func isLasting(_ failure: Failure) -> Bool

    /// Words a failure of the store.
    func failure(_ error: StoreError) -> Failure
}
