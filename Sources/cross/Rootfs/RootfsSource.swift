// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import OCIStore

/// Where a target's root filesystem comes from.
enum RootfsSource: Equatable {
    case image(ImageSource)
    case recipe(RecipeSource)
    /// Built from the user's Dockerfile, perhaps on top of one of the others.
    indirect case dockerfile(DockerfileSource)

    /// Decides for a target.
    ///
    /// The user's `rootfs` counts, then what else the configuration names. Images are published for
    /// x86-64 alone: elsewhere a recipe comes first.
    ///
    /// - Returns: `nil` where there is neither an image nor a recipe.
    /// - Throws: `ConfigurationError`, or `TargetError` where there is not what the user asked for.
    static func choose(
        _ target: Target,
        _ manifest: RootfsManifest?,
        _ configuration: Configuration
    ) throws -> RootfsSource? {
        let base = try withoutDockerfile(target, manifest, configuration)
        guard let dockerfile = configuration.dockerfile(target) else { return base }
        var name: ImageReference?
        if configuration.image(target) != nil, case .image(let image) = base {
            name = image.reference
        }
        return .dockerfile(
            DockerfileSource(target: target, dockerfile: dockerfile, base: base, name: name)
        )
    }

    private static func withoutDockerfile(
        _ target: Target,
        _ manifest: RootfsManifest?,
        _ configuration: Configuration
    ) throws -> RootfsSource? {
        let configured = configuration.image(target)
        let reference = try ImageName.resolve(
            configured?.name,
            named: configuration.zig(target) == nil ? target.triple : Zig.imageName,
            published: manifest?.image?.reference
        )
        let platform = try configuration.imageToolchain(target)?.toolchain.platform ?? .host
        let image = reference.map { reference in
            let alternative = manifest?.debian.map { _ in target.triple }
            return RootfsSource.image(
                ImageSource(reference: reference, platform: platform, alternative: alternative)
            )
        }
        let recipe = try manifest?.debian.map { debian in
            RootfsSource.recipe(try RecipeSource(target, debian, manifest, configuration))
        }
        switch try configuration.rootfs(target) {
        case .debian:
            guard let recipe else { throw TargetError.noRecipe(target, manifest?.unavailable) }
            return recipe
        case .image:
            guard configuration.packages(target).isEmpty else {
                throw ConfigurationError.packagesInImage
            }
            guard let image else { throw TargetError.noImage(target) }
            return image
        case nil:
            if configured != nil { return image }
            let prefersRecipe =
                !configuration.packages(target).isEmpty
                || Platform.host.architecture != Self.architectureOfImages
            return prefersRecipe ? recipe ?? image : image ?? recipe
        }
    }

    private static let architectureOfImages = "amd64"

    /// What has to be fetched before it is there; `nil` for nothing.
    ///
    /// Of a Dockerfile that is not known beforehand, and what `--locked` forbids is not fetched.
    func pending(
        _ target: Target,
        _ root: WorkspaceRoot,
        _ store: Store,
        _ invocation: Invocation,
        _ host: Host
    ) throws -> Fetch? {
        guard !invocation.isLocked else { return nil }
        switch self {
        case .image(let image):
            return try image.pending(
                store,
                LockedImages(root, target, isOnlyImage: true, host)
            )
        case .recipe(let recipe):
            return try recipe.pending(store, ProjectLock(root, recipe, host), isLocked: false)
        case .dockerfile: return nil
        }
    }

    /// Finds the root filesystem, or has it made.
    ///
    /// - Throws: `StoreError`, or `FetchError` where it is not there and cannot be had.
    func rootfs(
        _ target: Target,
        _ root: WorkspaceRoot,
        _ invocation: Invocation,
        _ host: Host,
        _ console: Console
    ) throws -> Rootfs {
        let store = try Store.ofUser(host)
        switch self {
        case .image(let image):
            let locks = LockedImages(root, target, isOnlyImage: true, host)
            return try image.rootfs(store, locks, Permission(invocation), host, console)
        case .recipe(let recipe):
            let lock = ProjectLock(root, recipe, host)
            return try recipe.rootfs(store, lock, invocation, host, console)
        case .dockerfile(let source):
            return try source.rootfs(store, root, invocation, host, console)
        }
    }
}

extension Store {
    /// Opens the user's store.
    ///
    /// - Throws: `FetchError.noStore`, or `StoreError`.
    static func ofUser(_ host: Host) throws -> Store {
        guard let path = defaultPath(environment: host.environment) else {
            throw FetchError.noStore
        }
        return try Store(at: path, above: try Store.lower(environment: host.environment))
    }
}
