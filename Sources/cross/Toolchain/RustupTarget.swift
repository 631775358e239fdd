// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: rustup book, "Cross-compilation".

import Console
import SystemPackage

/// The target's standard library in a toolchain that rustup keeps.
struct RustupTarget {
    let toolchain: HostToolchain
    let target: Target

    /// Whether the toolchain can compile for the target without building the standard library.
    var isInstalled: Bool {
        FilePath(toolchain.sysroot).appending("lib").appending("rustlib")
            .appending(target.triple).isDirectory
    }

    /// Whether rustup may change the toolchain; one that was linked in is the user's own.
    var isManaged: Bool {
        FilePath(toolchain.sysroot).appending("lib").appending("rustlib")
            .appending("multirust-channel-manifest.toml").isRegularFile
    }

    /// Has rustup add the target, where it is missing and rustup can.
    ///
    /// Where rustup has no such target, cargo will say what that means for this build.
    ///
    /// - Throws: `HostProgramError`, where rustup cannot run.
    func install(_ host: Host) throws {
        guard target.argument == target.triple, !isInstalled, isManaged,
            let rustup = host.program("rustup"),
            let name = FilePath(toolchain.sysroot).lastComponent
        else { return }
        let add = HostProgram(
            path: rustup,
            arguments: ["target", "add", target.triple, "--toolchain", name.string],
            environment: host.environment,
            workingDirectory: host.workingDirectory
        )
        _ = try add.status()
    }
}
