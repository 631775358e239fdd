// SPDX-License-Identifier: MIT OR Apache-2.0

/// What `cross` asks `cross-fetch` for: a root filesystem by recipe.
///
/// Shape: one JSON object on standard input.
public struct RecipeRequest: Hashable, Codable, Sendable {
    /// What to build.
    public var recipe: Recipe
    /// What the project's lock file has for it, up to date or not.
    public var lock: RecipeLock?
    /// Whether to resolve although the lock is up to date.
    public var isUpdate: Bool
    /// Whether to fail rather than to resolve.
    public var isLocked: Bool
    /// Where packages are, in place of what the machine's apt says.
    public var mirrors: Mirrors

    /// Addresses that a configuration names; where it names none, the machine's apt does.
    public struct Mirrors: Hashable, Codable, Sendable {
        /// URIs by archive, in the order of preference.
        public var bases: [String: [String]]
        /// A file of the keys that may sign releases.
        public var keyring: String?
        /// Where old states of the archives are kept, where their releases do not say it.
        public var snapshots: String?

        /// Addresses of the given parts.
        public init(
            bases: [String: [String]] = [:],
            keyring: String? = nil,
            snapshots: String? = nil
        ) {
            self.bases = bases
            self.keyring = keyring
            self.snapshots = snapshots
        }
    }

    /// A request of the given parts.
    public init(
        recipe: Recipe,
        lock: RecipeLock? = nil,
        isUpdate: Bool = false,
        isLocked: Bool = false,
        mirrors: Mirrors = Mirrors()
    ) {
        self.recipe = recipe
        self.lock = lock
        self.isUpdate = isUpdate
        self.isLocked = isLocked
        self.mirrors = mirrors
    }
}
