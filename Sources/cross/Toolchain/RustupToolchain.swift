// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: rustup book, "Toolchains", "Components", "Cross-compilation".

import SystemPackage

/// A toolchain of the host's, as far as rustup can add to it.
struct RustupToolchain {
    /// What a build may need besides rustc and cargo.
    enum Component: String {
        /// The source of the standard library.
        case source = "rust-src"
        case clippy
    }

    let toolchain: HostToolchain
    let host: Host

    private var sysroot: FilePath { FilePath(toolchain.sysroot) }

    /// Whether rustup may change it; one that was linked in is the user's own.
    var isManaged: Bool {
        !Truth(host.environment["CROSS_CUSTOM_TOOLCHAIN"] ?? "").value
            && sysroot.pushing(ChannelManifest.path).isRegularFile
    }

    /// Whether it can compile for a target without building the standard library.
    func hasLibrary(for target: Target) -> Bool {
        sysroot.pushing("lib/rustlib").appending(target.triple).isDirectory
    }

    /// Whether it has a component.
    func has(_ component: Component) -> Bool {
        switch component {
        case .source: sysroot.pushing("lib/rustlib/src/rust/library").isDirectory
        case .clippy: sysroot.pushing("bin/cargo-clippy").isRegularFile
        }
    }

    /// Has rustup add a target's library, where it is missing and rustup can.
    ///
    /// Where rustup has no such target, cargo will say what that means for this build.
    ///
    /// - Throws: `HostProgramError`, where rustup cannot run.
    func install(_ target: Target) throws {
        guard target.argument == target.triple, !hasLibrary(for: target) else { return }
        try add(["target", "add", target.triple])
    }

    /// Has rustup add a component, where it is missing and rustup can.
    ///
    /// - Throws: `HostProgramError`, where rustup cannot run.
    func install(_ component: Component) throws {
        guard !has(component) else { return }
        try add(["component", "add", component.rawValue])
    }

    private func add(_ arguments: [String]) throws {
        guard isManaged, let name = sysroot.lastComponent?.string else { return }
        _ = try Rustup(host)?.run(arguments + ["--toolchain", name])
    }
}
