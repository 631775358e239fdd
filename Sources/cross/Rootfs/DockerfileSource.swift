// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/custom_images.md, "Custom Dockerfile".

import Console
import Dockerfile
import OCIStore

/// A root filesystem that the user's Dockerfile makes.
struct DockerfileSource: Equatable {
    let target: Target
    let dockerfile: ConfiguredDockerfile
    /// What would be used without the Dockerfile, which need not use it; `nil` where there is none.
    let base: RootfsSource?
    /// What the result is called in the store, where it is called anything and does not begin with it.
    let name: ImageReference?

    /// `CROSS_BASE_IMAGE`; a root filesystem of packages has a name for this purpose alone.
    var baseName: String? {
        switch base {
        case .image(let image): image.reference.description
        case .recipe: "localhost/cross-rs/recipe:\(target.triple)"
        case .dockerfile, nil: nil
        }
    }

    /// Builds it, each step once.
    ///
    /// - Throws: `BuildError`, `StepError`, `StoreError`, `SandboxError`, or why a base is not there.
    func rootfs(
        _ store: Store,
        _ root: WorkspaceRoot,
        _ invocation: Invocation,
        _ host: Host,
        _ console: Console
    ) throws -> Rootfs {
        let steps = StepRunner(
            store: store,
            host: host,
            console: console,
            isOffline: invocation.isOffline,
            mounts: [],
            mirrors: mirrors,
            allowsSocketcall: target.isI386
        )
        let images = BaseImages(
            store: store,
            locks: LockedImages(root, target, isOnlyImage: false, host),
            Permission(invocation),
            host,
            console
        )
        var beginsWithName = false
        let image = try ImageBuild(
            file: dockerfile.file,
            context: dockerfile.context,
            arguments: BuildArguments(
                dockerfile.buildArguments,
                baseImage: baseName,
                debianArchitecture: target.debianArchitecture,
                isVerbose: invocation.isVeryVerbose
            ),
            steps: steps,
            add: { try Fetch(.add($0)).run(host, console) }
        ) { wanted in
            if wanted.reference == name { beginsWithName = true }
            guard case .recipe = base, wanted.reference.description == baseName else {
                return try images.find(wanted)
            }
            return try BuiltImage(base?.rootfs(target, root, invocation, host, console))
        }.image()
        // The next build would begin with this one's result, and so would whatever else uses that image.
        if let name, !beginsWithName { try store.keep(image, as: name, platform: .host) }
        guard let record = image.record else { throw BuildError.emptyImage(dockerfile.file) }
        return Rootfs(
            name: "the Dockerfile \(dockerfile.file)",
            layers: record.layers,
            chainID: record.chainID,
            environment: Rootfs.variables(image.configuration.environment),
            entrypoint: image.configuration.entrypoint,
            workingDirectory: image.configuration.workingDirectory,
            mirrors: mirrors,
            lease: try store.materialise(record)
        )
    }

    private var mirrors: PackageMirrors? {
        guard case .recipe(let recipe) = base else { return nil }
        return PackageMirrors(configured: recipe.mirrors)
    }
}

/// The images of registries that a build starts from.
struct BaseImages {
    private let store: Store
    private let locks: LockedImages?
    private let permission: Permission
    private let host: Host
    private let console: Console

    /// Looks images up in the project's locks, which are `nil` outside of one.
    init(
        store: Store,
        locks: LockedImages?,
        _ permission: Permission,
        _ host: Host,
        _ console: Console
    ) {
        self.store = store
        self.locks = locks
        self.permission = permission
        self.host = host
        self.console = console
    }

    /// Finds an image in the store, or has it pulled.
    ///
    /// - Throws: `StoreError`, or `FetchError` where it cannot be had.
    func find(_ image: BaseImage) throws -> BuiltImage {
        let source = ImageSource(reference: image.reference, platform: image.platform)
        let rootfs = try source.rootfs(store, locks, permission, host, console)
        let lock = try locks?.lock(source)
        guard let known = try source.record(store, lock) else {
            throw FetchError.notStored("\(image.reference)")
        }
        return BuiltImage(
            record: try StepRecord(layers: rootfs.layers),
            configuration: known.configuration
        )
    }
}

extension BuiltImage {
    /// A root filesystem of packages, as an image.
    fileprivate init(_ rootfs: consuming Rootfs?) throws(StoreError) {
        guard let rootfs else { throw .noLayers }
        self.init(
            record: try StepRecord(layers: rootfs.layers),
            configuration: ImageConfiguration(
                environment: rootfs.environment.map { "\($0.key)=\($0.value)" }.sorted(),
                entrypoint: rootfs.entrypoint,
                workingDirectory: rootfs.workingDirectory
            )
        )
    }
}

extension Store {
    /// Gives what was built a name, in place of what had it before.
    ///
    /// - Throws: `StoreError`.
    func keep(
        _ image: BuiltImage,
        as name: ImageReference,
        platform: Platform
    ) throws(StoreError) {
        guard let record = image.record else { throw .noLayers }
        try self.record(
            ImageRecord(
                // It has neither manifest nor configuration as a registry would have them.
                manifest: record.chainID,
                configurationDigest: record.chainID,
                configuration: image.configuration,
                diffIDs: record.layers,
                chainID: record.chainID
            ),
            as: name,
            platform: platform
        )
    }
}
