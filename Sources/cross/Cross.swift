// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Glibc
import OCIStore
import Sandbox
import SystemPackage

/// One run of `cross`: from the command line to an exit status.
struct Cross {
    /// As typed, without the program's own name.
    let arguments: [String]
    let invocation: Invocation
    let host: Host
    let console: Console

    /// Finds the root filesystem that the target needs, enters it, and runs cargo there.
    ///
    /// - Returns: how cargo ended; a failed build is a value.
    /// - Throws: one of the errors that `Explanation` knows.
    func run() throws -> ExitStatus {
        guard invocation.entersSandbox else { return try onHost() }

        let root = try WorkspaceRoot.find(invocation, host)
        let configuration = try Configuration.load(root, host)
        let target = try Target(invocation, configuration)
        configuration.warnings(for: target).forEach(console.warning)
        try configuration.check(target)
        let library = ManifestLibrary(directory: configuration.manifests(host))
        let manifest = try RootfsManifest.find(target, in: library)
        guard let source = try RootfsSource.choose(target, manifest, configuration) else {
            return try withoutRootfs(target)
        }
        let rootfs = try source.rootfs(root, invocation, host, console)
        let entry = Entry(
            invocation: invocation,
            host: host,
            configuration: configuration,
            target: target,
            root: root,
            toolchain: try Toolchain.choose(invocation, host, rootfs),
            cargoHome: try CargoHome(host)
        )
        try entry.prepare(rootfs)
        let workspace = try MetadataQuery(entry: entry).workspace(rootfs)
        let spec = try entry.spec(rootfs, workspace)
        if console.verbosity == .verbose { spec.facts.forEach(console.detail) }
        return try Sandbox.run(spec) { _ in console.warning(Self.noForeignPrograms) }
    }

    private static let noForeignPrograms =
        "programs for the target that a test or a build script starts will not run: "
        + "the kernel is older than Linux 6.7"

    /// Where nobody has an image for the target, the host's cargo may still know it.
    private func withoutRootfs(_ target: Target) throws -> ExitStatus {
        guard host.program("cargo") != nil, !host.takesWarningsForErrors else {
            throw TargetError.noImage(target)
        }
        console.warning(
            "there is no image for the target `\(target.triple)`; the host's cargo builds it"
        )
        return try onHost()
    }

    /// What needs no root filesystem is the host's cargo's to do.
    private func onHost() throws(HostCargoError) -> ExitStatus {
        let isPlain = invocation.subcommand == nil
        if isPlain, invocation.isVersion { StandardOutput.write(Version.text) }
        guard isPlain, host.program("cargo") == nil else {
            throw HostCargo(arguments, host).replaceProcess()
        }
        if !invocation.isVersion { StandardOutput.write(Usage.text) }
        return .exited(0)
    }
}
