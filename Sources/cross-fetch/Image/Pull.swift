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
    /// What the reference must stand for.
    var lock: ImageLock?
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
            try Store(filling: self.store)
        }
        let settings = try PullSettings(environment: environment)
        console.status("Pulling", "\(reference) (\(platform))")
        let progress = Progress(console)
        defer { progress.end() }
        let beginning = Trace.begin()
        let (route, image) = try await resolution(progress, settings).image()
        Trace.end("resolve \(reference)", since: beginning)
        let missing = try ImageLayer.list(of: image, in: store)
        let finished = try wording(PullError.store) { () throws(StoreError) in
            try FinishedLayers(in: store)
        }
        defer { finished.discard() }
        try await LayerPipeline(
            from: ImageLayers(
                route: route,
                limits: settings.layer,
                progress: progress
            ),
            parallelFetches: ImageLayers.parallelFetches,
            into: finished,
            of: store,
            progress: progress
        ).run(missing)
        try publish(image, finished, in: store, progress)
        progress.finish("pull")
    }

    /// Says what the reference stands for, without fetching any layer.
    func resolve() async throws(PullError) -> ImageLock {
        let settings = try PullSettings(environment: environment)
        return ImageLock(try await resolution(Progress(console), settings).image().image)
    }

    private func resolution(
        _ progress: Progress,
        _ settings: PullSettings
    ) -> ImageResolution {
        ImageResolution(
            reference: reference,
            platform: platform,
            lock: lock,
            configuration: RegistryClient.Configuration(
                environment: environment,
                settings,
                helper,
                progress,
                stall: stall,
                retries: retries
            )
        )
    }

    private func publish(
        _ image: ResolvedImage,
        _ finished: FinishedLayers,
        in store: Store,
        _ progress: Progress
    ) throws(PullError) {
        guard let chainID = Digest.chainID(of: image.diffIDs) else {
            throw .store(.noLayers)
        }
        try wording(PullError.store) { () throws(StoreError) in
            // Merging takes a while: of two processes, one does it and the other waits.
            let held = try store.lock(.rootfs(chainID)) { progress.waiting(for: $0) }
            progress.materialising()
            try Trace.span("make the root filesystem") { () throws(StoreError) in
                try finished.materialise(image.diffIDs)
            }
            _ = consume held
            let record = ImageRecord(
                index: image.index,
                manifest: image.manifest.digest,
                configurationDigest: image.configurationDigest,
                configuration: image.configuration,
                diffIDs: image.diffIDs,
                chainID: chainID
            )
            try record.publish(as: reference, platform, lock: self.lock, in: store)
        }
    }
}

extension RegistryClient.Configuration {
    /// What a client is told by this program.
    init(
        environment: [String: String],
        _ settings: PullSettings,
        _ helper: HelperProcess?,
        _ progress: Progress,
        stall: Int = 30,
        retries: RetryPolicy = RetryPolicy()
    ) {
        self.init(
            environment: environment,
            stall: stall,
            retries: retries,
            limits: settings.registry,
            tokenServers: settings.tokenServers
        ) { notice in
            progress.note(notice)
        }
        if let helper {
            self.helper = { name, server in await helper.credential(name, server) }
        }
    }
}

extension ImageRecord {
    /// Remembers what was pulled.
    ///
    /// A lock never moves a tag: what it names has a name of its own then.
    fileprivate func publish(
        as reference: ImageReference,
        _ platform: Platform,
        lock: ImageLock?,
        in store: Store
    ) throws(StoreError) {
        let known = try store.image(reference, platform: platform)
        if let lock, let known, known != self, reference.digest == nil {
            let pinned = reference.pinned(to: lock.manifest)
            return try store.record(self, as: pinned, platform: platform)
        }
        try store.move(reference, platform: platform, to: self)
    }
}
