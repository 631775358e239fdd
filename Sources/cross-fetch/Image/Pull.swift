// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import OCILayer
import OCIRegistry
import OCIStore
import SystemPackage
import Trace

/// From a reference to a root filesystem in the store.
struct Pull {
    let reference: ImageReference
    let platform: Platform
    let store: FilePath
    let environment: [String: String]
    let console: Console

    /// Resolves the reference, fetches and unpacks the layers that are missing, and publishes.
    func run() async throws(PullError) {
        let store = try wording(PullError.store) { () throws(StoreError) in
            let store = try Store(at: self.store)
            try store.fillUntilExit()
            return store
        }
        console.status("Pulling", "\(reference) (\(platform))")
        let progress = Progress(console)
        let beginning = Trace.begin()
        let (client, image) = try await waiting(PullError.registry) {
            () async throws(RegistryError) in
            let client = try RegistryClient(
                for: reference,
                configuration: configuration(progress)
            )
            return (client, try await client.resolve(platform: platform))
        }
        Trace.end("resolve \(reference)", since: beginning)
        let missing = try ImageLayer.list(of: image, in: store)
        try await LayerPipeline(
            from: ImageLayers(client: client),
            parallelFetches: ImageLayers.parallelFetches,
            into: store,
            progress: progress
        ).run(missing)
        try publish(image, in: store, progress)
        progress.finish("pull")
    }

    private func publish(
        _ image: ResolvedImage,
        in store: Store,
        _ progress: Progress
    ) throws(PullError) {
        guard let chainID = Digest.chainID(of: image.diffIDs) else {
            throw .store(.noLayers)
        }
        try wording(PullError.store) { () throws(StoreError) in
            // Merging takes a while: of two processes, one does it and the other waits.
            let lock = try store.lock(.rootfs(chainID)) { progress.waiting(for: $0) }
            progress.materialising()
            _ = try Trace.span("make the root filesystem") { () throws(StoreError) in
                try store.materialise(image.diffIDs)
            }
            _ = consume lock
            let record = ImageRecord(
                manifest: image.manifest.digest,
                configurationDigest: image.configurationDigest,
                configuration: image.configuration,
                diffIDs: image.diffIDs,
                chainID: chainID
            )
            if try store.image(reference, platform: platform) != record {
                try store.record(record, as: reference, platform: platform)
            }
        }
    }

    private func configuration(_ progress: Progress) -> RegistryClient.Configuration {
        RegistryClient.Configuration(environment: environment) { notice in
            progress.note(notice)
        }
    }
}
