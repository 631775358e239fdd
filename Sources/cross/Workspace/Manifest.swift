// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the Cargo Book, "The Manifest Format".

import SystemPackage

/// The few things of a `Cargo.toml` that decide where a workspace begins and what it reaches.
struct Manifest {
    private let path: FilePath
    private let fields: [String: TOML]

    /// Reads a manifest.
    ///
    /// - Parameter path: a `Cargo.toml`.
    /// - Returns: `nil` where there is no such file.
    /// - Throws: `WorkspaceError.unreadable` or `.syntax`.
    static func read(_ path: FilePath) throws(WorkspaceError) -> Manifest? {
        let text: String?
        do throws(TextFileError) {
            text = try TextFile.read(path)
        } catch {
            throw .unreadable(error)
        }
        guard let text else { return nil }
        do throws(TOMLSyntaxError) {
            return Manifest(path: path, fields: try TOML.document(text))
        } catch {
            throw .syntax(path, error)
        }
    }

    /// Whether it has a `[workspace]`.
    var isWorkspaceRoot: Bool { fields["workspace"] != nil }

    /// `package.workspace`: where the root is, when it is not upwards.
    var workspacePointer: String? { fields["package"]?.table?["workspace"]?.string }

    /// The patterns of `workspace.members`.
    var members: [String] { fields["workspace"]?.table?["members"]?.strings ?? [] }

    /// Whether the workspace says that a directory below it is none of its members.
    ///
    /// A member that is named outright stays one, whatever `exclude` says.
    func excludes(_ directory: FilePath) -> Bool {
        let root = path.removingLastComponent()
        let isBelow = { (name: String) in
            directory.starts(with: root.pushing(FilePath(name)).lexicallyNormalized())
        }
        let excluded = fields["workspace"]?.table?["exclude"]?.strings ?? []
        return excluded.contains(where: isBelow) && !members.contains(where: isBelow)
    }

    /// The directories that `path = "…"` names in a dependency table or a patch, however deep.
    var pathDependencies: [FilePath] {
        let root = path.removingLastComponent()
        return Self.paths(below: fields, isDependencies: false)
            .map { root.pushing(FilePath($0)).lexicallyNormalized() }
    }

    /// The directories that `[patch]` tables name.
    static func patches(in fields: [String: TOML]) -> [String] {
        guard let patch = fields["patch"] else { return [] }
        return paths(below: ["patch": patch], isDependencies: false)
    }

    private static func paths(below table: [String: TOML], isDependencies: Bool) -> [String] {
        table.flatMap { key, value -> [String] in
            guard let entry = value.table else { return [] }
            let path = isDependencies ? entry["path"]?.string : nil
            let inside = isDependencies || dependencyTables.contains(key)
            return (path.map { [$0] } ?? []) + paths(below: entry, isDependencies: inside)
        }
    }

    private static let dependencyTables: Set<String> = [
        "dependencies", "dev-dependencies", "build-dependencies", "patch", "replace",
    ]
}
