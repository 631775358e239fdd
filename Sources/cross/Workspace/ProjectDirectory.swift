// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, its mount root.

import SystemPackage

extension WorkspaceRoot {
    /// The directory that stands for the project.
    ///
    /// As in cross-rs it is the working directory where that is above the workspace, so that files
    /// beside it can be included; but never the user's home or anything above it.
    func projectDirectory(_ host: Host) -> FilePath {
        let here = host.workingDirectory
        guard directory.starts(with: here), here.components.count > 0 else { return directory }
        // The home may be a link; the working directory never has one in it.
        let homes = [host.home, host.home?.canonical].compactMap(\.self)
        return homes.contains { $0.starts(with: here) } ? directory : here
    }
}
