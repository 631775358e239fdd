// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Download
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
    /// Runs credential helpers; `nil` where there are none, or this process may itself.
    var helper: HelperProcess?
    /// How often and how far apart requests are made again.
    var retries = RetryPolicy()
    /// Seconds in which something must come.
    var stall = 30

    /// Resolves the reference, fetches and unpacks the layers that are missing, and publishes.
    func run() async throws(PullError) {
        let store = try wording(PullError.store) { () throws(StoreError) in
            let store = try Store(at: self.store)
            try store.fillUntilExit()
            return store
        }
        let settings = try PullSettings(environment: environment)
        console.status("Pulling", "\(reference) (\(platform))")
        let progress = Progress(console)
        defer { progress.end() }
        let beginning = Trace.begin()
        let (image, route) = try await waiting(PullError.registry) {
            () async throws(RegistryError) in
            try await RegistryRoute(
                to: reference,
                configuration: configuration(progress, settings)
            )
            .resolve(platform: platform)
        }
        Trace.end("resolve \(reference)", since: beginning)
        let missing = try ImageLayer.list(of: image, in: store)
        try await LayerPipeline(
            from: ImageLayers(
                route: route,
                limits: settings.layer,
                progress: progress
            ),
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

    private func configuration(
        _ progress: Progress,
        _ settings: PullSettings
    ) -> RegistryClient.Configuration {
        var configuration = RegistryClient.Configuration(
            environment: environment,
            stall: stall,
            retries: retries,
            limits: settings.registry,
            tokenServers: settings.tokenServers
        ) { notice in
            progress.note(notice)
        }
        if let helper {
            configuration.helper = { name, server in await helper.credential(name, server) }
        }
        return configuration
    }
}
