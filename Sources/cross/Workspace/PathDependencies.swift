// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

extension WorkspaceRoot {
    /// The directories of all packages on disk that the workspace reaches, itself aside.
    ///
    /// Manifests are read without cargo, features and platforms not weighed: it may name more
    /// than a build needs, never less.
    ///
    /// - Parameter overrides: what cargo's configuration adds, see `CargoConfiguration`.
    /// - Returns: directories, the nearest ones last.
    /// - Throws: `WorkspaceError`, where a manifest cannot be read.
    func pathDependencies(
        overrides: [FilePath]
    ) throws(WorkspaceError) -> [FilePath] {
        var pending =
            [manifest, package]
            + (try members + overrides).map { $0.appending("Cargo.toml") }
        var seen: Set<FilePath> = []
        var found: [FilePath] = []
        while let path = pending.popLast() {
            guard seen.insert(path).inserted, let manifest = try Manifest.read(path) else {
                continue
            }
            found.append(path.removingLastComponent())
            pending += manifest.pathDependencies.map { $0.appending("Cargo.toml") }
        }
        return found.filter { !$0.starts(with: directory) }
    }
}
