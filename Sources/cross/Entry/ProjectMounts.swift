// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, the mounts of its container; the Cargo Book, "Configuration", for the hierarchy.

import Sandbox
import SystemPackage

/// What of the user's files a build sees, each at its own path.
struct ProjectMounts {
    let host: Host
    let root: WorkspaceRoot
    let cargoHome: CargoHome
    var access = ProjectAccess.readOnly

    /// The directory that stands for the project.
    var projectDirectory: FilePath { root.projectDirectory(host) }

    /// The mounts of the project and of the packages beside it.
    ///
    /// - Parameters:
    ///   - packages: the directories of packages on disk, wherever they are.
    ///   - vendored: directories of vendored packages.
    /// - Returns: binds.
    /// - Throws: `WorkspaceError`, where a package's manifest cannot be read.
    func mounts(packages: [FilePath], vendored: [FilePath]) throws(WorkspaceError) -> [Mount] {
        var directories = [projectDirectory]
        for package in packages {
            let manifest = package.appending("Cargo.toml")
            guard manifest.isRegularFile else { continue }
            // A package may inherit from its own workspace, so that must be there, too.
            let root = try WorkspaceRoot.find(package: manifest).directory
            for directory in [root, package]
            where !directories.contains(where: directory.starts(with:)) {
                directories.append(directory)
            }
        }
        let sources = vendored.filter { !directories.contains(where: $0.starts(with:)) }
        return directories.map(mount) + sources.map { Mount($0, .readOnly) } + configurationMounts
    }

    private func mount(_ directory: FilePath) -> Mount {
        switch access {
        case .readOnly: Mount(directory, .readOnly)
        case .discard:
            Mount(target: directory, kind: .overlay(lower: directory), tellsWrites: true)
        case .writable: Mount(directory, .readWrite)
        }
    }

    /// The configuration files that cargo reads above the project.
    private var configurationMounts: [Mount] {
        projectDirectory.removingLastComponent().ancestors
            .map { $0.appending(".cargo") }
            .filter { $0 != cargoHome.path }
            .flatMap { [$0.appending("config.toml"), $0.appending("config")] }
            .filter(\.isRegularFile)
            .map { Mount($0, .readOnly) }
    }
}
