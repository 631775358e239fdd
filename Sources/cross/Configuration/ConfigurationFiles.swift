// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/config_file.md.

import SystemPackage

/// The files that configure a workspace, and what is to be said of them.
struct ConfigurationFiles {
    /// `Cross.toml`, then one table of metadata; either may be missing.
    private(set) var sources: [SettingsSource] = []
    private(set) var remarks: [String] = []

    /// Finds them.
    ///
    /// - Throws: `ConfigurationError`, where a file is there but wrong, or `$CROSS_CONFIG` is not there.
    init(_ root: WorkspaceRoot, _ host: Host) throws(ConfigurationError) {
        let named = host.environment["CROSS_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let file =
            named.map { host.absolute(FilePath($0)) } ?? root.directory.appending("Cross.toml")
        if let source = try Self.read(file, []) {
            sources.append(source)
        } else if named != nil {
            throw .noSuchFile(file)
        } else if root.directory.appending("cross.toml").isRegularFile {
            remarks.append("`cross.toml` in `\(root.directory)` is not read: name it `Cross.toml`")
        }
        try addMetadata(root)
    }

    /// Of several tables the first counts: the workspace's, then those of its packages.
    private mutating func addMetadata(_ root: WorkspaceRoot) throws(ConfigurationError) {
        var tables = [try Self.read(root.manifest, ["workspace", "metadata", "cross"])]
        for manifest in try Self.members(root) {
            tables.append(try Self.read(manifest, ["package", "metadata", "cross"]))
        }
        let found = tables.compactMap(\.self)
        if let first = found.first { sources.append(first) }
        remarks += found.dropFirst().map { table in
            "\(table.file): `\(TableReader.spelled(table.prefix))` is not read, because "
                + "`\(TableReader.spelled(found[0].prefix))` in `\(found[0].file)` is; write "
                + "`workspace.metadata.cross`, which is for all packages"
        }
    }

    /// The manifests of a workspace's packages, without cargo, so without path dependencies that
    /// `members` does not name.
    private static func members(_ root: WorkspaceRoot) throws(ConfigurationError) -> [FilePath] {
        let members: [FilePath]
        do throws(WorkspaceError) {
            members = try root.members.map { $0.appending("Cargo.toml") }
        } catch {
            // Whoever found the root has read the manifest, and will say what is wrong with it.
            members = []
        }
        var seen: Set<FilePath> = []
        return ([root.manifest] + members + [root.package]).filter { seen.insert($0).inserted }
    }

    /// Reads a table of a file; `nil` where the file or the table is not there.
    private static func read(
        _ file: FilePath,
        _ prefix: [String]
    ) throws(ConfigurationError) -> SettingsSource? {
        let text: String?
        do throws(TextFileError) {
            text = try TextFile.read(file)
        } catch {
            throw .unreadable(error)
        }
        // Most manifests have no metadata of ours, and need not be parsed to know it.
        guard let text, prefix.allSatisfy({ text.utf8.contains($0.utf8) }) else { return nil }
        return try SettingsSource(text, file: file, prefix: prefix)
    }
}
