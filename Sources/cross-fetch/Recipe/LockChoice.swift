// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import RootfsRecipe

/// Which lock counts.
///
/// | the request's lock | `isLocked` | `isUpdate` | |
/// |---|---|---|---|
/// | of this recipe | either | no | is used |
/// | of this recipe | yes | yes | is used |
/// | of this recipe | no | yes | counts only where archives cannot be used |
/// | of another one, or none | yes | either | an error |
/// | of another one, or none | no | either | the recipe is resolved |
struct LockChoice {
    private let request: RecipeRequest

    init(_ request: RecipeRequest) {
        self.request = request
    }

    /// The lock to use; `nil` where the recipe is to be resolved.
    func settled() throws(RecipeError) -> RecipeLock? {
        let isCurrent = request.lock?.recipe == request.recipe.digest
        if isCurrent, request.isLocked || !request.isUpdate { return request.lock }
        guard request.isLocked else { return nil }
        throw request.lock == nil ? .noLock : .outdatedLock
    }

    /// What this very recipe was resolved to before, by this project or by another one.
    func older(in store: Store) throws(RecipeError) -> RecipeLock? {
        if let lock = request.lock, lock.recipe == request.recipe.digest { return lock }
        return try wording(RecipeError.store) { () throws(StoreError) in
            try store.record(or: request.recipe)?.lock
        }
    }
}
