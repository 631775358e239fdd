// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import OCILayer
import OCIStore
import RootfsRecipe
import SystemPackage

/// A package whose layer has to be made.
struct PackageLayer: MissingLayer {
    let package: LockedPackage
    let key: Digest

    var blob: Digest { package.digest }
    var size: Int64 { package.size }
    var name: String { "\(package.name) \(package.version)" }

    /// The packages of a lock that are not in the store, each once.
    ///
    /// Large ones and small ones take turns, from both ends of the scale: the large ones should not
    /// come last, and until the first of them is there, the small ones keep the processors busy.
    static func list(of lock: RecipeLock, in store: Store) -> [PackageLayer] {
        var listed: Set<Digest> = []
        var missing: [PackageLayer] = []
        for package in lock.packages {
            let layer = PackageLayer(package: package, key: DebianPackage.key(of: package.digest))
            guard listed.insert(layer.key).inserted else { continue }
            if store.hasLayer(layer.key) {
                store.discardDownload(layer.blob)
            } else {
                missing.append(layer)
            }
        }
        missing.sort { $0.size > $1.size }
        return missing.indices.map { place in
            place % 2 == 0 ? missing[place / 2] : missing[missing.count - 1 - place / 2]
        }
    }
}

/// A recipe's packages, as an archive gives them.
struct PackageLayers: LayerSource {
    let client: ArchiveClient
    let lock: RecipeLock

    /// A package is read from its middle on, and most are small.
    let unpacksWhileFetching = false

    func fetch(
        _ layer: PackageLayer,
        into path: FilePath,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws(RecipeError) {
        try await waiting(RecipeError.archive) { () async throws(ArchiveClientError) in
            try await client.fetch(layer.package, of: lock, into: path, progress: progress)
        }
    }

    func unpack(
        _ layer: PackageLayer,
        from path: FilePath,
        arrival: ArrivingBlob?,
        into staged: StagedLayers,
        progress: @escaping @Sendable (Int64) -> Void
    ) throws(RecipeError) {
        let package = DebianPackage(
            name: layer.package.name,
            version: layer.package.version,
            architecture: layer.package.architecture,
            digest: layer.package.digest
        )
        _ = try wording(RecipeError.package) { () throws(PackageError) in
            try package.unpack(path, into: staged, progress: progress)
        }
    }

    func isLasting(_ failure: RecipeError) -> Bool {
        switch failure {
        case .package(.store), .store: false
        default: true
        }
    }

    func failure(_ error: StoreError) -> RecipeError { .store(error) }
}
