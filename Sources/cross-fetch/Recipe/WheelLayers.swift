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
        let lock = try await waiting(RecipeError.store) { () async throws(StoreError) in
            try await threads.lock(.blob(wheel.digest), in: store) {
                [progress] in progress.waiting(for: $0)
            }
        }
        defer { withExtendedLifetime(lock) {} }
        // Another process may have had the lock until now.
        guard !store.hasLayer(layer.key) else { return }
        progress.fetching("\(wheel.name) \(wheel.version)")
        let staging = try wording(RecipeError.store) { () throws(StoreError) in
            try Staging(in: store)
        }
        let file = try await waiting(RecipeError.wheel) { () async throws(WheelError) in
            try await fetch(wheel, into: staging.directory.path)
        }
        let result = await threads.work { [store] () -> Result<Void, PackageError> in
            do throws(PackageError) {
                try layer.unpack(file, into: store)
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        _ = consume staging
        try wording(RecipeError.package) { () throws(PackageError) in try result.get() }
    }
}
