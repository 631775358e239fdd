// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import OCIStore
import RootfsRecipe
import SystemPackage

/// A recipe's Python packages, each a layer.
struct WheelLayers {
    let recipe: Recipe
    let environment: [String: String]
    let store: Store
    let progress: Progress
    let helper: HelperProcess?
    private let threads = WorkerThreads()

    init(
        recipe: Recipe,
        environment: [String: String],
        store: Store,
        progress: Progress,
        helper: HelperProcess?
    ) {
        self.recipe = recipe
        self.environment = environment
        self.store = store
        self.progress = progress
        self.helper = helper
    }

    /// Brings all of them into the store, one after the other: there is hardly ever more than one.
    ///
    /// - Returns: their keys, in the recipe's order.
    func make() async throws(RecipeError) -> [Digest] {
        var keys: [Digest] = []
        for wheel in recipe.wheels {
            let layer = Wheel(digest: wheel.digest, directory: wheel.directory)
            if !store.hasLayer(layer.key) { try await make(wheel, layer) }
            keys.append(layer.key)
        }
        return keys
    }

    private func fetch(
        _ wheel: Recipe.Wheel,
        into directory: FilePath
    ) async throws(WheelError) -> FilePath {
        guard let helper else {
            return try await WheelFetch(environment: environment)
                .fetch(wheel, for: recipe.platform, into: directory)
        }
        let question = HelperQuestion.wheel(
            wheel,
            recipe.platform,
            directory: directory.string
        )
        switch await helper.ask(question) {
        case .wheel(let path): return FilePath(path)
        case .wheelFailure(let error): throw error
        default: throw .notStarted("the process that runs helper programs is gone")
        }
    }

    private func make(_ wheel: Recipe.Wheel, _ layer: Wheel) async throws(RecipeError) {
        let staging = try wording(RecipeError.store) { () throws(StoreError) in
            try Staging(in: store)
        }
        let directory = staging.directory.path
        // Each wait in a task of its own: compiled by Swift 6.3, this one would lose count of its memory.
        let outcome = await Task { await unpacked(wheel, layer, in: directory) }.value
        _ = consume staging
        if case .failure(let error) = outcome { throw error }
    }

    private func unpacked(
        _ wheel: Recipe.Wheel,
        _ layer: Wheel,
        in directory: FilePath
    ) async -> Result<Void, RecipeError> {
        let lock = await Task { await self.lock(wheel) }.value
        if case .failure(let error) = lock { return .failure(.store(error)) }
        defer { withExtendedLifetime(lock) {} }
        // Another process may have had the lock until now.
        guard !store.hasLayer(layer.key) else { return .success(()) }
        progress.fetching("\(wheel.name) \(wheel.version)")
        let fetched = await Task { await self.fetched(wheel, into: directory) }.value
        switch fetched {
        case .failure(let error): return .failure(.wheel(error))
        case .success(let file):
            return await threads.work { [store] in
                do throws(PackageError) {
                    try layer.unpack(file, into: store)
                    return .success(())
                } catch {
                    return .failure(.package(error))
                }
            }
        }
    }

    private func lock(_ wheel: Recipe.Wheel) async -> Result<HeldLock, StoreError> {
        do throws(StoreError) {
            return .success(
                try await threads.lock(.blob(wheel.digest), in: store) {
                    [progress] in progress.waiting(for: $0)
                }
            )
        } catch {
            return .failure(error)
        }
    }

    private func fetched(
        _ wheel: Recipe.Wheel,
        into directory: FilePath
    ) async -> Result<FilePath, WheelError> {
        do throws(WheelError) {
            return .success(try await fetch(wheel, into: directory))
        } catch {
            return .failure(error)
        }
    }
}
