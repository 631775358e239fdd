// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, what it leaves to the host's cargo.

import Console
import Sandbox

extension Cross {
    /// The project that is built in a root filesystem; `nil` where the command is the host's cargo's.
    ///
    /// - Throws: where there is none or its configuration is wrong.
    func project() throws -> Project? {
        switch invocation.subcommand {
        case nil, .clean, .list: return nil
        case .other(let name):
            // Outside of a project it is cargo's to say what is wrong, if anything is.
            if let root = try? WorkspaceRoot.find(invocation, host) {
                let project = try Project(root, host)
                if project.configuration.subcommands.contains(name) { return project }
            }
            try warn([
                "`\(name)` is none of the subcommands that run in the target's root filesystem, so the "
                    + "host's cargo runs it; `build.subcommands` in Cross.toml names others that do"
            ])
            return nil
        default: return try Project(invocation, host)
        }
    }

    /// Where nobody has an image for the target, the host's cargo may still know it.
    func withoutRootfs(_ target: Target) throws -> ExitStatus {
        guard command == nil, host.program("cargo") != nil, !host.takesWarningsForErrors else {
            throw TargetError.noImage(target)
        }
        let meant = ManifestLibrary.nearest(to: target).map { "; did you mean `\($0)`?" }
        console.warning(
            "there is no image for the target `\(target.triple)`; the host's cargo builds it\(meant ?? "")"
        )
        return try onHost()
    }

    /// What needs no root filesystem is the host's cargo's to do.
    func onHost() throws -> ExitStatus {
        let cargo = HostCargo(arguments, host)
        guard invocation.subcommand != .list else { return try list(cargo) }
        let isPlain = invocation.subcommand == nil
        if isPlain, invocation.isVersion { StandardOutput.write(Version.text) }
        guard isPlain, host.program("cargo") == nil else { throw cargo.replaceProcess() }
        if !invocation.isVersion { StandardOutput.write(Usage.text) }
        return .exited(0)
    }

    /// cargo's list of subcommands, told apart by where they run.
    private func list(_ cargo: HostCargo) throws -> ExitStatus {
        let outcome = try cargo.output()
        let project = try? Project(invocation, host)
        let list = CommandList(
            cargo: String(decoding: outcome.output, as: UTF8.self),
            subcommands: project?.configuration.subcommands ?? []
        )
        StandardOutput.write(list.text)
        return .exited(outcome.status)
    }
}
