// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the Cargo Book, "cargo metadata", "JSON format".

import FoundationEssentials
import SystemPackage

/// What cargo says of a workspace, as far as a sandbox must show it to the build.
struct Workspace: Equatable, Codable {
    /// The directory of the workspace's `Cargo.toml`.
    let root: String
    /// Where artifacts go.
    let targetDirectory: String
    /// Where intermediate files go, when not below `targetDirectory`.
    let buildDirectory: String?
    /// The `Cargo.toml` of every package that lies on disk: members and path dependencies.
    let localManifests: [String]
    /// The directories of vendored packages.
    let vendoredSources: [String]

    /// The directories of packages that are not below the workspace's root.
    var outsideDirectories: [FilePath] {
        localManifests.map { FilePath($0).removingLastComponent() }
            .filter { !$0.starts(with: FilePath(root)) }
    }

    /// Reads what `cargo metadata --format-version 1` wrote.
    ///
    /// - Parameters:
    ///   - json: all of it.
    ///   - others: manifests that it does not name and that cargo reads nevertheless.
    ///   - vendoredSources: as cargo is configured.
    /// - Throws: `WorkspaceError.metadataUnreadable` where it is something else.
    init(
        metadata json: [UInt8],
        besides others: [String] = [],
        vendoredSources: [String] = []
    ) throws(WorkspaceError) {
        self.vendoredSources = vendoredSources
        do {
            let metadata = try JSONDecoder().decode(Metadata.self, from: Data(json))
            root = metadata.workspace_root
            targetDirectory = metadata.target_directory
            buildDirectory = metadata.build_directory
            let named = metadata.packages.filter { $0.source == nil }.map(\.manifest_path)
            localManifests = Set(named + others).sorted()
        } catch {
            throw .metadataUnreadable("\(error)")
        }
    }

    private struct Metadata: Decodable {
        let workspace_root: String
        let target_directory: String
        let build_directory: String?
        let packages: [Package]
    }

    private struct Package: Decodable {
        let source: String?
        let manifest_path: String
    }
}
