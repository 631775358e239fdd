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
        let outcome: HostProgram.Outcome =
            switch entry.toolchain {
            case .host(let toolchain): try onHost(toolchain).output()
            case .image: try inside(rootfs)
            }
        guard outcome.status == 0 else { throw WorkspaceError.metadataFailed(outcome.status) }
        return try Workspace(metadata: outcome.output)
    }

    /// On the host cargo has the user's credentials, which a build inside never sees.
    private func onHost(_ toolchain: HostToolchain) -> HostProgram {
        var environment = entry.host.environment
        environment["RUSTC"] = toolchain.programs.appending("rustc").string
        // Else this cargo and the one inside overwrite each other's target/.rustc_info.json.
        environment["CARGO_CACHE_RUSTC_INFO"] = "0"
        return HostProgram(
            path: toolchain.programs.appending("cargo"),
            arguments: arguments,
            environment: environment,
            workingDirectory: entry.host.workingDirectory
        )
    }

    private func inside(_ rootfs: borrowing Rootfs) throws -> HostProgram.Outcome {
        let file = try ScratchFile(entry.host)
        let spec = try entry.metadataSpec(rootfs, arguments)
        let status = try StandardOutput.redirected(to: file.descriptor) { try run(spec) }
        return HostProgram.Outcome(status: status.code, output: try file.contents())
    }

    private var arguments: [String] {
        ["metadata", "--format-version", "1", "--filter-platform", entry.target.argument]
            + entry.invocation.resolutionArguments
            + (entry.invocation.verbosity == .quiet ? ["--quiet"] : [])
    }

    private func question(_ rootfs: borrowing Rootfs) -> [String] {
        let cargo = entry.toolchain.mounted?.sysroot ?? rootfs.image.chainID.description
        return [cargo, entry.host.workingDirectory.string] + arguments
            + entry.host.variables(startingWith: ["CARGO_", "RUSTC", "HOME="])
    }

    /// Everything that cargo reads for its answer, and what would make it read something else.
    private func inputs(_ workspace: Workspace) -> [AnswerInput] {
        let manifests = workspace.localManifests.map { FilePath($0) } + [entry.root.manifest]
        let above = entry.host.workingDirectory.ancestors.map { $0.appending(".cargo") }
        let configurations = (above + [entry.cargoHome.path])
            .flatMap { [$0.appending("config.toml"), $0.appending("config")] }
        let members = (try? Manifest.read(entry.root.manifest))?.members ?? []
        return Set(manifests + configurations).sorted { $0.string < $1.string }
            .map(AnswerInput.file)
            + members.map { AnswerInput.pattern(entry.root.directory.appending($0)) }
    }

    private func lockFile(_ workspace: Workspace) -> FilePath {
        FilePath(workspace.root).appending("Cargo.lock")
    }
}
