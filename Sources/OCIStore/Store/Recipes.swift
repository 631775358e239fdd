// SPDX-License-Identifier: MIT OR Apache-2.0

extension Store {
    /// What was built from a recipe.
    ///
    /// - Parameter digest: of the recipe, or of what it was resolved to.
    /// - Returns: the record; `nil` where nothing was built.
    /// - Throws: `StoreError.damaged` or `.system`.
    package func recipe<Record: Decodable>(_ digest: Digest) throws(StoreError) -> Record? {
        let own: Record? = try document(at: layout.recipe(digest), isUse: !isReadOnly)
        if let own { return own }
        return try below { (store) throws(StoreError) in try store.recipe(digest) }
    }

    /// Remembers what was built from a recipe, in place of what was before.
    ///
    /// - Parameters:
    ///   - record: what to remember; its root filesystem should be in the store.
    ///   - digest: of the recipe, or of what it was resolved to.
    /// - Throws: `StoreError.system`.
    package func record(_ record: some Encodable, asRecipe digest: Digest) throws(StoreError) {
        try keep(record, at: layout.recipe(digest))
    }
}
