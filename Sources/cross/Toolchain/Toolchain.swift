// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: rustup book, "Overrides"; rustc book, "--print sysroot".

import Console
import SystemPackage

/// Which cargo and rustc do the work inside.
enum Toolchain: Equatable {
    /// The image's own.
    case image
    /// The host's, whose sysroot is mounted read-only.
    case host(HostToolchain)

    /// Decides: the image's own where it has one, unless the user named a toolchain.
    ///
    /// - Parameters:
    ///   - triple: what the image's programs run on, where the user says it.
    ///   - invocation: may name a toolchain.
    ///   - host: whose toolchain it may be.
    ///   - rootfs: of the image.
    ///   - console: hears that the toolchain is another than the host's own.
    /// - Returns: the one that is used.
    /// - Throws: `ToolchainError.none` where neither the image nor the host has one, or `.noRustup` where
    ///   the user names one and there is none here.
    static func choose(
        for triple: String?,
        _ invocation: Invocation,
        _ host: Host,
        _ rootfs: borrowing Rootfs,
        _ console: Console
    ) throws -> Toolchain {
        let isNamed = invocation.channel != nil || host.environment["RUSTUP_TOOLCHAIN"] != nil
        let imageHasCargo = rootfs.program("cargo") != nil
        if imageHasCargo, !isNamed { return .image }
        let isOffline = invocation.isOffline
        if let own = try HostToolchain.find(invocation.channel, host, isOffline: isOffline) {
            let found =
                try triple.map { try own.sibling(for: $0, host, isOffline: isOffline) } ?? own
            difference(of: found, from: own).map(console.note)
            // Mounted over the image's own directory it would hide the compilers for the target.
            let sysroot = FilePath(found.sysroot)
            guard rootfs.resolve(sysroot) == nil else {
                throw ToolchainError.inRootfs(sysroot, rootfs: rootfs.name)
            }
            return .host(found)
        }
        guard imageHasCargo else { throw ToolchainError.none(rootfs: rootfs.name) }
        if let channel = invocation.channel { throw ToolchainError.noRustup(channel) }
        return .image
    }

    /// What a user should know who thinks that both are the same.
    private static func difference(of found: HostToolchain, from own: HostToolchain) -> String? {
        let relation: String
        switch own.version.relation(of: found.version) {
        case .same: return nil
        case .older: relation = "older"
        case .newer: relation = "newer"
        case .different: relation = "another"
        }
        let name = FilePath(found.sysroot).lastComponent?.string ?? found.sysroot
        return "`\(name)` has \(relation) rustc (\(found.version)) than this machine "
            + "(\(own.version)); `rustup update --force-non-host \(name)` brings it up to date"
    }

    /// The toolchain that is mounted; `nil` for the image's own.
    var mounted: HostToolchain? {
        if case .host(let toolchain) = self { toolchain } else { nil }
    }
}

/// Why there is no cargo to run.
enum ToolchainError: Error, Equatable {
    case none(rootfs: String)
    case noRustup(String)
    case rustcFailed(FilePath, Int32)
    case noCargo(FilePath)
    case notInstalled(ToolchainName)
    case inRootfs(FilePath, rootfs: String)
}
