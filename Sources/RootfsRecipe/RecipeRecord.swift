// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore

/// What the store remembers of a recipe that was built.
public struct RecipeRecord: Hashable, Codable, Sendable {
    /// What it was resolved to.
    public var lock: RecipeLock
    /// The keys of the layers from the bottom up.
    public var layers: [Digest]
    /// Stands for the whole stack of layers, and names the root filesystem.
    public var chainID: Digest

    /// A record of the given parts.
    public init(lock: RecipeLock, layers: [Digest], chainID: Digest) {
        self.lock = lock
        self.layers = layers
        self.chainID = chainID
    }
}

extension Store {
    /// What was built from a recipe.
    ///
    /// - Parameters:
    ///   - lock: the digest of what it must have been resolved to; `nil` where that is left open.
    ///   - recipe: the very same.
    /// - Returns: the record; `nil` where nothing was built.
    /// - Throws: `StoreError.damaged` or `.system`.
    public func record(
        ofLock lock: Digest? = nil,
        or recipe: Recipe
    ) throws(StoreError) -> RecipeRecord? {
        try self.recipe(lock ?? recipe.digest)
    }

    /// Remembers what was built from a recipe, in place of what was before.
    ///
    /// - Parameter record: what to remember; its root filesystem should be in the store.
    /// - Throws: `StoreError.system`.
    public func record(_ record: RecipeRecord) throws(StoreError) {
        try self.record(record, asRecipe: record.lock.digest)
        try self.record(record, asRecipe: record.lock.recipe)
    }
}
