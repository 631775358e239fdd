// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import OCIStore

/// A root filesystem from an image: in the store, and if it is not there, from its registry.
struct ImageSource: Equatable {
    let reference: ImageReference
    let platform: Platform
    /// The target that has a recipe, too.
    var alternative: String?

    /// Finds the root filesystem, and has `cross-fetch` pull it where the store has none.
    ///
    /// - Throws: `StoreError`, or `FetchError` where it is not there and cannot be had.
    func rootfs(_ store: Store, isOffline: Bool, _ host: Host, _ console: Console) throws -> Rootfs
    {
        if let rootfs = try stored(store) { return rootfs }
        guard !isOffline else { throw FetchError.imageOffline(reference) }
        try Ladder(host, console).probe()
        try Fetch(.image(reference, platform, alternative: alternative)).run(host, console)
        guard let rootfs = try stored(store) else { throw FetchError.notStored("\(reference)") }
        return rootfs
    }

    private static func absolute(_ directory: String) -> String {
        directory.hasPrefix("/") ? directory : "/\(directory)"
    }

    private func stored(_ store: Store) throws(StoreError) -> Rootfs? {
        guard let image = try store.image(reference, platform: platform),
            let lease = try store.rootfs(image.chainID)
        else { return nil }
        return Rootfs(
            name: "the image \(reference)",
            layers: image.diffIDs,
            chainID: image.chainID,
            environment: Rootfs.variables(image.configuration.environment),
            entrypoint: image.configuration.entrypoint,
            workingDirectory: Self.absolute(image.configuration.workingDirectory),
            lease: lease
        )
    }
}
