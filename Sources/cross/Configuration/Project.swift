// SPDX-License-Identifier: MIT OR Apache-2.0

/// The user's project, as far as root filesystems are concerned.
struct Project {
    let root: WorkspaceRoot
    let configuration: Configuration
    private let library: ManifestLibrary

    /// The project that a command is about.
    ///
    /// - Parameters:
    ///   - invocation: may name its manifest.
    ///   - host: where the user stands.
    /// - Throws: `WorkspaceError` or `ConfigurationError`.
    init(_ invocation: Invocation, _ host: Host) throws {
        try self.init(try WorkspaceRoot.find(invocation, host), host)
    }

    /// The project of a workspace.
    ///
    /// - Throws: `ConfigurationError`.
    init(_ root: WorkspaceRoot, _ host: Host) throws(ConfigurationError) {
        self.root = root
        configuration = try Configuration.load(root, host)
        library = ManifestLibrary(directory: configuration.manifests(host))
    }

    /// Where a target's root filesystem comes from; `nil` from nowhere.
    func source(_ target: Target) throws -> RootfsSource? {
        try RootfsSource.choose(target, try manifest(target), configuration)
    }

    /// The recipe of a target, whether or not the project uses it.
    func recipe(_ target: Target) throws -> RecipeSource {
        let manifest = try manifest(target)
        guard let debian = manifest?.debian else {
            throw TargetError.noRecipe(target, manifest?.unavailable)
        }
        return try RecipeSource(target, debian, manifest, configuration)
    }

    /// The versions of the target's emulator that run tests in parallel without failures of their own.
    func threadedEmulators(_ target: Target) throws(ManifestError) -> [String] {
        try manifest(target)?.emulator.threads ?? []
    }

    private func manifest(_ target: Target) throws(ManifestError) -> RootfsManifest? {
        try RootfsManifest.find(
            target,
            in: library,
            withZig: configuration.zig(target) != nil
        )
    }
}
