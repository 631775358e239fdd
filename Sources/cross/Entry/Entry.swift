// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
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
    let containerOptions: ContainerOptions
    /// The versions of the target's emulator that run tests in parallel without failures of their own.
    var threadedEmulators: [String] = []
    /// What runs in place of cargo.
    var command: [String]?
    /// The wrappers that cargo is told to do without.
    var absentWrappers: [AbsentWrapper] = []

    /// Sees to it that what will be mounted is there, and what the toolchain lacks in it.
    ///
    /// - Throws: `WorkspaceError.cannotCreate`, or `HostProgramError` where rustup cannot run.
    func prepare(_ rootfs: borrowing Rootfs) throws {
        try cargoHome.prepare()
        guard let mounted = toolchain.mounted, !invocation.isOffline else { return }
        let installed = RustupToolchain(toolchain: mounted, host: host)
        if buildStd(rootfs) == nil, !invocation.buildsStandardLibrary {
            try installed.install(target)
        } else {
            try installed.install(.source)
        }
        if invocation.subcommand == .clippy { try installed.install(.clippy) }
    }

    /// What of the project or the environment names a toolchain in vain, as the root filesystem's own is used.
    var uncountedToolchains: [String] {
        guard toolchain == .image else { return [] }
        // A file farther up is not the project's, and each look is one in every build.
        let files = HostToolchain.overrides(host).filter {
            $0.starts(with: root.directory) && $0.isRegularFile
        }
        let variable = host.environment["RUSTUP_TOOLCHAIN"].map { ["RUSTUP_TOOLCHAIN=\($0)"] } ?? []
        return files.map(\.string) + variable
    }

    /// What a user should know when the build has failed.
    ///
    /// - Returns: `nil` where nothing of ours can be the cause.
    func adviceOnFailure(_ rootfs: borrowing Rootfs, _ workspace: Workspace) -> String? {
        if let advice = adviceForRoot(workspace) { return advice }
        guard let mounted = toolchain.mounted, buildStd(rootfs) == nil,
            !invocation.buildsStandardLibrary, target.argument == target.triple,
            !RustupToolchain(toolchain: mounted, host: host).hasLibrary(for: target)
        else { return nil }
        return
            "the toolchain has no standard library for `\(target.triple)`; where rustup has none "
            + "either, `build-std = true` in Cross.toml builds it with a nightly toolchain"
    }

    /// Where somebody else has built, access(2) lets root write, and the sandbox does not.
    private func adviceForRoot(_ workspace: Workspace) -> String? {
        guard getuid() == 0,
            let path = try? TargetDirectory(invocation, workspace, host, project).path,
            let status = try? path.stat(), status.userID.rawValue != 0,
            !status.permissions.contains(.otherWrite)
        else { return nil }
        return
            "`\(path)` belongs to user \(status.userID.rawValue), and in the sandbox root too has only the "
            + "rights that its mode gives to everybody: build as that user, or name another with `--target-dir`"
    }

    /// The sandbox in which cargo does what the user asked for.
    ///
    /// - Throws: `ConfigurationError`, `TargetError` or `WorkspaceError`.
    func spec(_ rootfs: borrowing Rootfs, _ workspace: Workspace) throws -> SandboxSpec {
        let runner = try Runner(target, configuration, rootfs)
        let volumes = try configuration.volumes(target).compactMap { try Volume($0, host) }
        let targetDirectory = try TargetDirectory(invocation, workspace, host, project)
        try targetDirectory.prepare()

        let cache = try configuration.wantsCompilerCache ? CompilerCache(rootfs, host) : nil
        try cache?.prepare()

        var environment = try environment(rootfs, volumes)
        cache?.apply(to: &environment)
        try runner.apply(
            to: &environment,
            rootfs: rootfs.name,
            isNeeded: invocation.runsTargetPrograms
        )
        if toolchain == .image, rootfs.buildStd != nil, environment["CARGO_NET_OFFLINE"] == nil {
            // The library's own dependencies lie beside it, yet cargo would look for newer ones. Those
            // of the project were fetched when it was described.
            environment["CARGO_NET_OFFLINE"] = "true"
        }
        let mounts =
            try cargoHome.mountsForBuilding
            + project(configuration.projectAccess)
            .mounts(
                packages: workspace.outsideDirectories,
                vendored: workspace.vendoredSources.map { FilePath($0) }
            )
            + targetDirectory.mounts
            + volumes.map(\.mount) + runner.mounts + (cache?.mounts ?? [])
        let arguments = InsideArguments(
            invocation: invocation,
            target: target,
            buildStd: buildStd(rootfs),
            doctests: Truth(host.environment["CROSS_UNSTABLE_ENABLE_DOCTESTS"] ?? "").value
                && toolchain.mounted?.version.isNightly ?? true,
            zig: configuration.zig(target)
        )
        var spec = try base(rootfs, environment, mounts)
        spec.arguments = rootfs.entrypoint + (command ?? arguments.command)
        spec.binaryFormats = runner.binaryFormats
        if let directory = containerOptions.workingDirectory { spec.workingDirectory = directory }
        return spec
    }

    /// The sandbox in which cargo describes the workspace, and brings `Cargo.lock` up to date.
    ///
    /// - Parameters:
    ///   - rootfs: of the image.
    ///   - arguments: what follows `cargo`.
    ///   - vendored: directories of vendored packages.
    ///   - lock: the one file of the project that is writable.
    /// - Returns: what `run` takes.
    /// - Throws: `ConfigurationError` or `WorkspaceError`.
    func metadataSpec(
        _ rootfs: borrowing Rootfs,
        _ arguments: [String],
        vendored: [FilePath],
        _ lock: borrowing LockFile
    ) throws -> SandboxSpec {
        var environment = try environment(rootfs, [])
        // Else a compiler wrapper's cache of this run is one that the build has to throw away.
        environment["CARGO_CACHE_RUSTC_INFO"] = "0"
        environment["CARGO_TARGET_DIR"] = TargetDirectory.variable(host)?.string
        let mounts =
            try cargoHome.mountsForFetching
            + project.mounts(packages: packages(), vendored: vendored)
            + [lock.mount]
        var spec = try base(rootfs, environment, mounts)
        spec.arguments = rootfs.entrypoint + ["cargo"] + arguments
        return spec
    }

    /// The packages on disk outside the workspace that cargo may have to read.
    ///
    /// - Returns: their directories.
    /// - Throws: `WorkspaceError`, where a manifest cannot be read.
    func packages() throws(WorkspaceError) -> [FilePath] {
        try root.pathDependencies(overrides: cargoConfiguration.overrides)
    }

    /// The files that configure cargo where it runs.
    var cargoConfiguration: CargoConfiguration {
        CargoConfiguration(for: host.workingDirectory, cargoHome)
    }

    private var project: ProjectMounts { project(.readOnly) }

    private func project(_ access: ProjectAccess) -> ProjectMounts {
        ProjectMounts(host: host, root: root, cargoHome: cargoHome, access: access)
    }

    private func base(
        _ rootfs: borrowing Rootfs,
        _ environment: InsideEnvironment,
        _ mounts: [Mount]
    ) throws -> SandboxSpec {
        let isOffline = invocation.isOffline || containerOptions.isWithoutNetwork
        let credentials = try configuration.credentials
        return SandboxSpec(
            root: rootfs.path,
            mounts: outermostFirst(
                places(rootfs, besides: mounts) + mounts + namedConfigurations
                    + SystemMounts.nixStore(host)
                    + (toolchain.mounted.map(SystemMounts.toolchain) ?? [])
                    + (isOffline ? [] : SystemMounts.network)
                    + credentials.flatMap { $0.mounts(host, cargoHome) }
                    + (try accounts(rootfs, isNeeded: credentials.contains(.sshAgent)))
                    + containerOptions.mounts
            ),
            environment: environment.entries,
            workingDirectory: host.workingDirectory,
            arguments: [],
            network: isOffline ? .none : .host,
            allowsSocketcall: target.isI386,
            allowances: try configuration.allowances,
            processLimit: try configuration.limits.processes ?? ProcessLimit.value,
            binaryFormats: [],
            hostname: "cross"
        )
    }

    /// The root filesystem's accounts, with the user's own among them.
    ///
    /// - Throws: `WorkspaceError.cannotCreate`, where the list is needed and cannot be written.
    private func accounts(
        _ rootfs: borrowing Rootfs,
        isNeeded: Bool
    ) throws(WorkspaceError) -> [Mount] {
        guard let accounts = AccountList(rootfs, host) else { return [] }
        do throws(WorkspaceError) {
            try accounts.prepare()
        } catch {
            guard !isNeeded else { throw error }
            return []
        }
        return [accounts.mount]
    }

    /// The files that `--config` names, wherever they lie.
    private var namedConfigurations: [Mount] {
        invocation.configurations.map(host.absolute)
            .filter { $0.isRegularFile && !$0.starts(with: project.projectDirectory) }
            .map { Mount($0, .readOnly) }
    }

    /// The home and the working directory, empty, where neither the image nor a mount has them.
    private func places(_ rootfs: borrowing Rootfs, besides mounts: [Mount]) -> [Mount] {
        let shown = mounts.filter(\.isAtItsOwnPath).map(\.target)
        var places: [Mount] = []
        for path in [host.home, host.workingDirectory].compactMap(\.self)
        where rootfs.resolve(path) == nil && !shown.contains(where: path.starts(with:)) {
            places.append(Mount(target: path, kind: .temporary(mode: 0o755)))
        }
        return places
    }

    /// No mount hides one that lies below it; of two at one place the later stays.
    private func outermostFirst(_ mounts: [Mount]) -> [Mount] {
        mounts.enumerated()
            .map { (depth: $1.target.components.count, order: $0, mount: $1) }
            .sorted { ($0.depth, $0.order) < ($1.depth, $1.order) }
            .map(\.mount)
    }

    /// The crates of the standard library to build: the user's choice, else what the root
    /// filesystem's own toolchain has no library for.
    private func buildStd(_ rootfs: borrowing Rootfs) -> [String]? {
        let isOwn = toolchain == .image && !invocation.buildsStandardLibrary
        return configuration.buildStd(target) ?? (isOwn ? rootfs.buildStd : nil)
    }
}
