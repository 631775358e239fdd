// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import OCIStore
import RootfsRecipe

/// Finds in the store what is to be exported, and has made what is not there.
struct ExportSelection {
    let store: Store
    let host: Host
    let console: Console

    /// The label by which a target's image is known.
    private static let targetLabel = "org.cross-rs.for-cross-target"

    /// An image that was pulled, imported or built.
    ///
    /// - Throws: `FetchError.notInStore`.
    func image(_ reference: ImageReference) throws -> ExportRequest.Image {
        guard let record = try store.image(reference, platform: .host) else {
            throw FetchError.notInStore(reference)
        }
        return ExportRequest.Image(
            name: "\(reference)",
            platform: .host,
            configuration: record.configuration,
            layers: record.diffIDs
        )
    }

    /// What a target of a project is built in, prepared.
    func prepared(
        _ target: Target,
        _ project: Project,
        as name: ImageReference
    ) throws -> ExportRequest.Image {
        let source = try Self.source(target, project)
        let rootfs = try rootfs(target, source, project)
        return ExportRequest.Image(
            name: "\(name)",
            platform: source.platform,
            configuration: ImageConfiguration(
                environment: rootfs.environment.map { "\($0.key)=\($0.value)" }.sorted(),
                entrypoint: rootfs.entrypoint,
                workingDirectory: rootfs.workingDirectory,
                labels: [Self.targetLabel: target.triple]
            ),
            layers: rootfs.layers
        )
    }

    /// All that a project's targets need to be built elsewhere: images, what came of recipes, and of
    /// the steps above them.
    func bundle(_ targets: [Target], _ project: Project) throws -> [ExportRequest.Image] {
        var images: [ExportRequest.Image] = []
        for target in targets {
            let source = try Self.source(target, project)
            let layers = try rootfs(target, source, project).layers
            images += try bases(target, source, project)
            images += try store.steps(leadingTo: layers).map { step in
                ExportRequest.Image(
                    name: nil,
                    platform: source.platform,
                    configuration: ImageConfiguration(),
                    layers: step.layers,
                    step: step.origin
                )
            }
        }
        var seen: Set<ExportRequest.Image> = []
        return images.filter { seen.insert($0).inserted }
    }

    /// What steps begin with.
    private func bases(
        _ target: Target,
        _ source: RootfsSource,
        _ project: Project
    ) throws -> [ExportRequest.Image] {
        switch source {
        case .image(let image):
            let locks = LockedImages(project.root, target, isOnlyImage: true, host)
            let lock = image.reference.digest == nil ? try locks.lock(image) : nil
            return [try self.image(image, lock)]
        case .recipe(let recipe):
            let lock = ProjectLock(project.root, recipe, host)
            guard let record = try store.record(ofLock: try lock.digest(), or: recipe.recipe)
            else { return [] }
            return [
                ExportRequest.Image(
                    name: nil,
                    platform: recipe.recipe.platform,
                    configuration: ImageConfiguration(),
                    layers: record.layers,
                    recipe: record.lock
                )
            ]
        case .dockerfile(let dockerfile):
            let locked = try LockedFile(project.root).read()
                .images(of: target.triple, Platform.host.description)
            let images = try locked.map { known in
                try image(ImageSource(reference: known.reference, platform: .host), known.lock)
            }
            guard case .recipe = dockerfile.base, let base = dockerfile.base else { return images }
            return images + (try bases(target, base, project))
        }
    }

    private func image(_ source: ImageSource, _ lock: ImageLock?) throws -> ExportRequest.Image {
        guard let record = try source.record(store, lock) else {
            throw FetchError.notInStore(source.reference)
        }
        return ExportRequest.Image(
            name: "\(source.reference)",
            platform: source.platform,
            configuration: record.configuration,
            layers: record.diffIDs
        )
    }

    private func rootfs(
        _ target: Target,
        _ source: RootfsSource,
        _ project: Project
    ) throws -> Rootfs {
        try Preparation(
            target: target,
            configuration: project.configuration,
            isOffline: false,
            host: host,
            console: console
        ).rootfs(
            try source.rootfs(target, project.root, try Invocation([]), host, console)
        )
    }

    private static func source(_ target: Target, _ project: Project) throws -> RootfsSource {
        guard let source = try project.source(target) else { throw TargetError.noImage(target) }
        return source
    }
}

extension RootfsSource {
    /// What its programs run on.
    fileprivate var platform: Platform {
        switch self {
        case .image(let image): image.platform
        case .recipe(let recipe): recipe.recipe.platform
        case .dockerfile: .host
        }
    }
}
