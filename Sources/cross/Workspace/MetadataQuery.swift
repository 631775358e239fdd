// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the Cargo Book, "cargo metadata".

import Console
import FoundationEssentials
import Glibc
import OCIStore
import Sandbox
import SystemPackage

/// The question what a workspace consists of, put to the cargo that will build it.
struct MetadataQuery {
    let entry: Entry
    let ladder: Ladder

    /// Asks cargo, or takes what it said last time if nothing it read has changed.
    ///
    /// - Throws: `WorkspaceError.metadataFailed`, after cargo has said why.
    func workspace(_ rootfs: borrowing Rootfs) throws -> Workspace {
        let answers = Answers(entry.host)
        let question = question(rootfs)
        if let known = answers.answer(question, as: Workspace.self) { return known }
        let started = Date()
        let workspace = try ask(rootfs)
        let inputs = inputs(workspace)
        // Cargo may have read the older state of a file that changed meanwhile.
        if inputs.allSatisfy({ !$0.changed(after: started) }) {
            answers.keep(workspace, to: question, inputs: inputs + [.file(lockFile(workspace))])
        }
        return workspace
    }

    private func ask(_ rootfs: borrowing Rootfs) throws -> Workspace {
        let lock = try LockFile(besides: entry.root.manifest, ladder.console)
        let file = try ScratchFile(entry.host)
        let vendored = entry.cargoConfiguration.vendoredSources
        let spec = try entry.metadataSpec(rootfs, arguments, vendored: vendored, lock)
        let status = try StandardOutput.redirected(to: file.descriptor) {
            try ladder.run(spec)
        }
        guard status.code == 0 else { throw WorkspaceError.metadataFailed(status.code) }
        // Cargo reads the manifests of all packages, also of those it does not build.
        return try Workspace(
            metadata: try file.contents(),
            besides: entry.packages().map { $0.appending("Cargo.toml").string },
            vendoredSources: vendored.map(\.string)
        )
    }

    private var arguments: [String] {
        // Build scripts and their dependencies run on this machine, so its packages count, too.
        ["metadata", "--format-version", "1", "--filter-platform", entry.target.argument]
            + (entry.target.triple == Target.host ? [] : ["--filter-platform", Target.host])
            + entry.invocation.resolutionArguments
            + (entry.invocation.verbosity == .quiet ? ["--quiet"] : [])
    }

    private func question(_ rootfs: borrowing Rootfs) -> [String] {
        let cargo = entry.toolchain.mounted?.sysroot ?? rootfs.chainID.description
        return [cargo, entry.host.workingDirectory.string] + arguments
            + entry.host.variables(startingWith: ["CARGO_", "RUSTC", "HOME="])
    }

    /// Everything that cargo reads for its answer, and what would make it read something else.
    private func inputs(_ workspace: Workspace) -> [AnswerInput] {
        let packages = workspace.localManifests.map { FilePath($0) }
        // A package may inherit from a workspace of its own.
        let roots = packages.filter { !$0.starts(with: entry.root.directory) }
            .compactMap { try? WorkspaceRoot.find(package: $0).manifest }
        let files = packages + roots + [entry.root.manifest] + entry.cargoConfiguration.files
        let named = entry.invocation.configurations.map(entry.host.absolute)
        let members = (try? Manifest.read(entry.root.manifest))?.members ?? []
        return Set(files + named).sorted { $0.string < $1.string }.map(AnswerInput.file)
            + members.map { AnswerInput.pattern(entry.root.directory.appending($0)) }
    }

    private func lockFile(_ workspace: Workspace) -> FilePath {
        FilePath(workspace.root).appending("Cargo.lock")
    }
}
