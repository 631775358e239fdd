// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: rustup book, "Overrides"; rustc book, "--print sysroot".

import SystemPackage

/// Which cargo and rustc do the work inside.
enum Toolchain: Equatable {
    /// The image's own.
    case image
    /// The host's, whose sysroot is mounted read-only.
    case host(HostToolchain)

    /// Decides: the image's own where it has one, unless the user named a toolchain.
    ///
    /// - Throws: `ToolchainError.none` where neither the image nor the host has one.
    static func choose(
        _ invocation: Invocation,
        _ host: Host,
        _ rootfs: borrowing Rootfs
    ) throws -> Toolchain {
        let isNamed = invocation.channel != nil || host.environment["RUSTUP_TOOLCHAIN"] != nil
        let imageHasCargo = rootfs.program("cargo") != nil
        if imageHasCargo, !isNamed { return .image }
        if let found = try HostToolchain.find(invocation.channel, host) {
            // Mounted over the image's own directory it would hide the compilers for the target.
            let sysroot = FilePath(found.sysroot)
            guard rootfs.resolve(sysroot) == nil else {
                throw ToolchainError.inRootfs(sysroot, rootfs: rootfs.name)
            }
            return .host(found)
        }
        guard imageHasCargo, invocation.channel == nil else {
            throw ToolchainError.none(rootfs: rootfs.name)
        }
        return .image
    }

    /// The toolchain that is mounted; `nil` for the image's own.
    var mounted: HostToolchain? {
        if case .host(let toolchain) = self { toolchain } else { nil }
    }
}

/// Why there is no cargo to run.
enum ToolchainError: Error, Equatable {
    case none(rootfs: String)
    case rustcFailed(FilePath, Int32)
    case noCargo(FilePath)
    case inRootfs(FilePath, rootfs: String)
}
