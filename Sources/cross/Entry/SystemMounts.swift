// SPDX-License-Identifier: MIT OR Apache-2.0

import Sandbox
import SystemPackage

/// What of the host's own system a build sees.
enum SystemMounts {
    /// The resolver's files, for a build that may use the network.
    static let network = ["/etc/resolv.conf", "/etc/hosts"].map { path in
        Mount(FilePath(path), .readOnly, missing: .skip)
    }

    /// The Nix store, where a toolchain may lie whose programs are linked to it.
    static func nixStore(_ host: Host) -> [Mount] {
        let named = host.environment["NIX_STORE_DIR"] ?? host.environment["NIX_STORE"]
        let path = FilePath(named ?? "/nix/store")
        return path.isAbsolute && path.isDirectory ? [Mount(path, .readOnly)] : []
    }

    /// A toolchain of the host's, as it is named and where it really lies.
    static func toolchain(_ toolchain: HostToolchain) -> [Mount] {
        let named = FilePath(toolchain.sysroot)
        let real = named.canonical ?? named
        let mounts = [Mount(real, .readOnly)]
        guard real != named else { return mounts }
        return mounts + [Mount(target: named, kind: .bind(real, .readOnly, missing: .fail))]
    }
}
