// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import OCIStore
import SystemPackage

/// Where a root filesystem comes from: the store, and if it is not there, the network.
struct RootfsSource {
    let reference: ImageReference
    let platform: Platform
    let isOffline: Bool

    /// Finds the root filesystem, and has `cross-fetch` pull it where the store has none.
    ///
    /// - Throws: `StoreError`, or `FetchError` where it is not there and cannot be had.
    func rootfs(_ host: Host, _ console: Console) throws -> Rootfs {
        guard let path = Store.defaultPath(environment: host.environment) else {
            throw FetchError.noStore
        }
        let store = try Store(at: path)
        if let rootfs = try stored(store) { return rootfs }
        guard !isOffline else { throw FetchError.offline(reference) }
        try Fetch(reference: reference, platform: platform).run(host, console)
        guard let rootfs = try stored(store) else { throw FetchError.notStored(reference) }
        return rootfs
    }

    private func stored(_ store: Store) throws(StoreError) -> Rootfs? {
        guard let image = try store.image(reference, platform: platform),
            let lease = try store.rootfs(image.chainID)
        else { return nil }
        return Rootfs(reference: reference, image: image, lease: lease)
    }
}
