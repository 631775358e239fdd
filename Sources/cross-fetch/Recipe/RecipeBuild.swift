// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import DebianArchive
import OCIStore
import RootfsRecipe
import SystemPackage
import Trace

/// From a recipe to a root filesystem in the store.
struct RecipeBuild {
    let request: RecipeRequest
    let store: FilePath
    let environment: [String: String]
    let console: Console
    /// Runs gpgv and pip; `nil` where this process may itself.
    var helper: HelperProcess?

    /// Settles what the recipe means, fetches and unpacks what is missing of it, and publishes.
    func run() async throws(RecipeError) {
        let store = try open()
        console.status("Building", "\(request.recipe.suite) root filesystem (\(platform))")
        let progress = Progress(console, of: "packages")
        defer { progress.end() }
        let archives = Archives(
            request.mirrors,
            environment: environment,
            helper: helper,
            progress
        )
        let beginning = Trace.begin()
        let lock = try await lock(archives, store, progress)
        Trace.end("resolve packages", since: beginning)
        async let wheels = wheels(store, progress)
        try await fetch(lock, archives, store, progress)
        try await publish(lock, wheels: wheels.get(), in: store, progress)
        progress.finish("build")
    }

    /// Says what the recipe means today, without fetching any package.
    func resolve() async throws(RecipeError) -> RecipeLock {
        let store = try open()
        let progress = Progress(console, of: "packages")
        defer { progress.end() }
        let archives = Archives(
            request.mirrors,
            environment: environment,
            helper: helper,
            progress
        )
        return try await lock(archives, store, progress)
    }

    private func open() throws(RecipeError) -> Store {
        try wording(RecipeError.store) { () throws(StoreError) in
            try Store(filling: self.store)
        }
    }

    private var platform: Platform { request.recipe.platform }

    /// The request's own lock, or one of today.
    private func lock(
        _ archives: Archives,
        _ store: Store,
        _ progress: Progress
    ) async throws(RecipeError) -> RecipeLock {
        let choice = LockChoice(request)
        if let lock = try choice.settled() { return lock }
        console.status("Resolving", "packages of \(request.recipe.suite)")
        let client = try archives.client()
        let scratch = try wording(RecipeError.store) { () throws(StoreError) in
            try Staging(in: store)
        }
        var resolution = Resolution(
            recipe: request.recipe,
            architecture: try architecture(),
            client: client,
            indexes: Indexes(
                client: client,
                store: store,
                threads: WorkerThreads(),
                progress: progress
            ),
            scratch: scratch.directory.path
        )
        defer { withExtendedLifetime(scratch) {} }
        do throws(RecipeError) {
            return try await resolution.run()
        } catch .archive(let error) {
            guard error.isOfArchive else { throw .archive(error) }
            if let older = try choice.older(in: store) {
                progress.warn(of: error, using: older)
                return older
            }
            // A release without its updates is as sound as it was on the day it was published.
            do throws(RecipeError) {
                resolution.updates = .ofNative
                return try await resolution.run()
            } catch {
                guard error.isOfArchiveOrResolution else { throw error }
                resolution.updates = .optional
                return try await resolution.run()
            }
        } catch .resolution(.versionsDiffer) {
            // Old releases get security fixes for fewer architectures than they were published for.
            resolution.updates = .optional
            return try await resolution.run()
        }
    }

    /// Brings the packages' layers into the store.
    private func fetch(
        _ lock: RecipeLock,
        _ archives: Archives,
        _ store: Store,
        _ progress: Progress
    ) async throws(RecipeError) {
        let missing = PackageLayer.list(of: lock, in: store)
        guard !missing.isEmpty else { return }
        progress.announce(missing)
        let finished = try wording(RecipeError.store) { () throws(StoreError) in
            try FinishedLayers(in: store)
        }
        defer { finished.discard() }
        try await LayerPipeline(
            from: PackageLayers(client: try archives.client(), lock: lock),
            parallelFetches: ArchiveClient.parallelFetches,
            into: finished,
            of: store,
            progress: progress
        ).run(missing)
        try wording(RecipeError.store) { () throws(StoreError) in try finished.publish() }
    }

    /// The keys of the wheels' layers, all of which are in the store.
    private func wheels(
        _ store: Store,
        _ progress: Progress
    ) async -> Result<[Digest], RecipeError> {
        do throws(RecipeError) {
            let layers = WheelLayers(
                recipe: request.recipe,
                environment: environment,
                store: store,
                progress: progress,
                helper: helper
            )
            return .success(try await layers.make())
        } catch {
            return .failure(error)
        }
    }

    private func publish(
        _ lock: RecipeLock,
        wheels: [Digest],
        in store: Store,
        _ progress: Progress
    ) throws(RecipeError) {
        let architecture = try architecture()
        let configuration = try wording(RecipeError.sources) { () throws(AptSourcesError) in
            try SystemConfiguration(
                request.recipe,
                lock,
                architecture: architecture,
                wheels: wheels
            )
        }
        let keys = configuration.layers
        guard let chainID = Digest.chainID(of: keys) else { throw .store(.noLayers) }
        // Merging takes a while: of two processes, one does it and the other waits.
        let held = try wording(RecipeError.store) { () throws(StoreError) in
            try store.lock(.rootfs(chainID)) { progress.waiting(for: $0) }
        }
        progress.materialising()
        _ = try wording(RecipeError.system) { () throws(SystemError) in
            try configuration.publish(into: store)
        }
        try wording(RecipeError.store) { () throws(StoreError) in
            _ = try Trace.span("make the root filesystem") { () throws(StoreError) in
                try store.materialise(keys)
            }
            let record = RecipeRecord(lock: lock, layers: keys, chainID: chainID)
            let known = try store.record(ofLock: lock.digest, or: request.recipe)
            let latest = try store.record(or: request.recipe)
            if known != record || latest != record { try store.record(record) }
        }
        _ = consume held
    }

    private func architecture() throws(RecipeError) -> String {
        guard let name = DebianArchitecture.name(of: platform) else { throw .platform(platform) }
        return name
    }
}
