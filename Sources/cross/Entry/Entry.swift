// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Sandbox
import SystemPackage

/// Everything that was decided about a run, on the way to a `SandboxSpec`.
struct Entry {
    let invocation: Invocation
    let host: Host
    let configuration: Configuration
    let target: Target
    let root: WorkspaceRoot
    let toolchain: Toolchain
    let cargoHome: CargoHome

    /// Sees to it that what will be mounted is there, and the target's library in the toolchain.
    ///
    /// - Throws: `WorkspaceError.cannotCreate`, or `HostProgramError` where rustup cannot run.
    func prepare() throws {
        try cargoHome.prepare()
        guard let toolchain = toolchain.mounted, !invocation.isOffline,
            configuration.buildStd(target) == nil, !invocation.buildsStandardLibrary
        else { return }
        try RustupTarget(toolchain: toolchain, target: target).install(host)
    }

    /// The sandbox in which cargo does what the user asked for.
    ///
    /// - Throws: `ConfigurationError`, `TargetError` or `WorkspaceError`.
    func spec(_ rootfs: borrowing Rootfs, _ workspace: Workspace) throws -> SandboxSpec {
        let runner = try Runner(target, configuration, rootfs)
        let volumes = try configuration.volumes(target).compactMap { try Volume($0, host) }
        let targetDirectory = try TargetDirectory(invocation, workspace, host, project)
        try targetDirectory.prepare()

        var environment = try environment(rootfs, volumes)
        try runner.apply(
            to: &environment,
            image: rootfs.reference.description,
            isNeeded: invocation.subcommand?.runsTargetPrograms ?? false
        )
        let mounts =
            try project.mounts(place(rootfs), packages: workspace.outsideDirectories)
            + cargoHome.mounts + targetDirectory.mounts
            + volumes.map(\.mount) + runner.mounts
        let arguments = InsideArguments(
            invocation: invocation,
            target: target,
            buildStd: configuration.buildStd(target),
            doctests: Truth(host.environment["CROSS_UNSTABLE_ENABLE_DOCTESTS"] ?? "").value
        )
        var spec = base(rootfs, environment, mounts)
        spec.arguments = rootfs.image.configuration.entrypoint + ["cargo"] + arguments.list
        spec.binaryFormats = runner.binaryFormats
        return spec
    }

    /// The sandbox in which cargo describes the workspace, and brings `Cargo.lock` up to date.
    ///
    /// - Parameters:
    ///   - rootfs: of the image.
    ///   - arguments: what follows `cargo`.
    ///   - lock: the one file of the project that is writable.
    /// - Returns: what `run` takes.
    /// - Throws: `ConfigurationError` or `WorkspaceError`.
    func metadataSpec(
        _ rootfs: borrowing Rootfs,
        _ arguments: [String],
        _ lock: borrowing LockFile
    ) throws -> SandboxSpec {
        var environment = try environment(rootfs, [])
        // Else a compiler wrapper's cache of this run is one that the build has to throw away.
        environment["CARGO_CACHE_RUSTC_INFO"] = "0"
        environment["CARGO_TARGET_DIR"] = TargetDirectory.variable(host)?.string
        let mounts =
            try project.mounts(place(rootfs), packages: root.pathDependencies()) + [lock.mount]
            + cargoHome.mounts
        var spec = base(rootfs, environment, mounts)
        spec.arguments = rootfs.image.configuration.entrypoint + ["cargo"] + arguments
        return spec
    }

    private var project: ProjectMounts {
        ProjectMounts(host: host, root: root, cargoHome: cargoHome)
    }

    private func base(
        _ rootfs: borrowing Rootfs,
        _ environment: InsideEnvironment,
        _ mounts: [Mount]
    ) -> SandboxSpec {
        SandboxSpec(
            root: rootfs.path,
            mounts: mounts + SystemMounts.nixStore(host)
                + (toolchain.mounted.map(SystemMounts.toolchain) ?? [])
                + (invocation.isOffline ? [] : SystemMounts.network),
            environment: environment.entries,
            workingDirectory: host.workingDirectory,
            arguments: [],
            network: invocation.isOffline ? .none : .host,
            binaryFormats: [],
            hostname: "cross"
        )
    }

    /// The working directory, where neither the project nor the image has it.
    private func place(_ rootfs: borrowing Rootfs) -> [Mount] {
        let here = host.workingDirectory
        let isThere = here.starts(with: project.projectDirectory) || rootfs.resolve(here) != nil
        return isThere ? [] : [Mount(target: here, kind: .temporary(mode: 0o755))]
    }

    /// Later settings win over earlier ones, in the order of cross-rs.
    private func environment(
        _ rootfs: borrowing Rootfs,
        _ volumes: [Volume]
    ) throws(ConfigurationError) -> InsideEnvironment {
        var environment = InsideEnvironment(image: rootfs.environment)
        environment["HOME"] = environment["HOME"] ?? host.home?.string ?? "/tmp"
        environment.forward(host)
        for entry in configuration.passthrough(target) { try environment.pass(entry, host) }
        environment["CARGO_HOME"] = cargoHome.path.string
        environment["CARGO_TARGET_DIR"] = InsideArguments.targetDirectory
        environment["USER"] = host.userName
        environment["PATH"] = path(rootfs)
        environment["CROSS_RUST_SYSROOT"] = toolchain.mounted?.sysroot
        let version = toolchain.mounted?.version ?? .unknown
        environment["CROSS_RUSTC_MAJOR_VERSION"] = String(version.major)
        environment["CROSS_RUSTC_MINOR_VERSION"] = String(version.minor)
        environment["CROSS_RUSTC_PATCH_VERSION"] = String(version.patch)
        for volume in volumes { environment[volume.variable] = volume.path.string }
        return environment
    }

    /// The image's programs come first, as in cross-rs, unless the user named the toolchain.
    private func path(_ rootfs: borrowing Rootfs) -> String {
        guard let programs = toolchain.mounted?.programs.string else { return rootfs.searchPath }
        return rootfs.program("cargo") == nil
            ? "\(rootfs.searchPath):\(programs)" : "\(programs):\(rootfs.searchPath)"
    }
}
