// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the Cargo Book, "Configuration", `build.rustc-wrapper`; "Environment Variables", `RUSTC_WRAPPER`.

import Sandbox
import SystemPackage

/// A program that the user's own cargo configuration puts in front of rustc, and that is not inside.
///
/// The configuration of a project is the project's to get right; the user's is for this machine.
struct AbsentWrapper: Equatable {
    /// A key of `[build]`.
    enum Key: String, CaseIterable {
        case all = "rustc-wrapper"
        case workspace = "rustc-workspace-wrapper"

        /// By which cargo is told that there is none, when it is empty.
        var variable: String { self == .all ? "RUSTC_WRAPPER" : "RUSTC_WORKSPACE_WRAPPER" }
    }

    let key: Key
    /// As it is written.
    let program: String
    let file: FilePath
}

extension Entry {
    /// Finds the wrappers that cargo is told to do without, once for all that is asked of them later.
    mutating func leaveOutAbsentWrappers(_ rootfs: borrowing Rootfs) {
        let settings = cargoConfiguration.build(AbsentWrapper.Key.allCases.map(\.rawValue))
        for key in AbsentWrapper.Key.allCases {
            guard let (program, file) = settings[key.rawValue],
                file.removingLastComponent() == cargoHome.path, !isInside(program, file, rootfs)
            else { continue }
            absentWrappers.append(AbsentWrapper(key: key, program: program, file: file))
        }
    }

    private func isInside(_ program: String, _ file: FilePath, _ rootfs: borrowing Rootfs) -> Bool {
        guard program.utf8.contains(UInt8(ascii: "/")) else {
            return program.isEmpty || rootfs.program(program) != nil
        }
        // Relative to the directory that has the `.cargo`.
        let base = file.removingLastComponent().removingLastComponent()
        let path = base.pushing(FilePath(program)).lexicallyNormalized()
        let shown =
            [root.projectDirectory(host)] + (toolchain.mounted.map { [FilePath($0.sysroot)] } ?? [])
            + SystemMounts.nixStore(host).map(\.target)
        return rootfs.resolve(path) != nil || shown.contains(where: path.starts(with:))
    }
}
