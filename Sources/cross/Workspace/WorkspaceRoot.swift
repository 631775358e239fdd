// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the Cargo Book, "Workspaces", "The workspace field" and "The members and exclude fields".

import SystemPackage

/// Where a build's workspace is, found without cargo.
///
/// The configuration lies beside it and names the image, and on a machine without Rust the image
/// holds the only cargo there is: so the root must be known before cargo can be asked.
struct WorkspaceRoot: Equatable {
    /// The `Cargo.toml` of the package the user stands in or named.
    let package: FilePath
    /// The `Cargo.toml` of its workspace; the same where there is no other.
    let manifest: FilePath

    /// The directory of the workspace.
    var directory: FilePath { manifest.removingLastComponent() }

    /// The directories that `workspace.members` names and `workspace.exclude` does not.
    ///
    /// Some of them may have no package in them.
    ///
    /// - Throws: `WorkspaceError`, where the manifest cannot be read.
    var members: [FilePath] {
        get throws(WorkspaceError) {
            guard let manifest = try Manifest.read(manifest) else { return [] }
            return manifest.members.flatMap(paths)
                .map { FilePath($0).lexicallyNormalized() }
                .filter { !manifest.excludes($0) }
        }
    }

    /// What a pattern of members stands for; itself where nothing matches, as for cargo.
    ///
    /// The name of a workspace's directory may be such that no pattern matches below it: `a[1]`.
    private func paths(_ pattern: String) -> [String] {
        let path = directory.appending(pattern).string
        let matches = Glob.matches(path)
        return matches.isEmpty ? [path] : matches
    }

    /// Finds the workspace of an invocation.
    ///
    /// - Parameters:
    ///   - invocation: `--manifest-path` counts.
    ///   - host: where the user stands.
    /// - Returns: where it is.
    /// - Throws: `WorkspaceError`; `.noManifest` where no directory upwards has a `Cargo.toml`.
    static func find(
        _ invocation: Invocation,
        _ host: Host
    ) throws(WorkspaceError) -> WorkspaceRoot {
        let start = host.workingDirectory
        if let path = invocation.manifestPath {
            return try find(package: start.pushing(FilePath(path)).lexicallyNormalized())
        }
        for directory in start.ancestors {
            let manifest = directory.appending("Cargo.toml")
            if let read = try Manifest.read(manifest) { return try find(package: manifest, read) }
        }
        throw .noManifest(start)
    }

    /// Finds the workspace of a package.
    ///
    /// - Parameter package: its `Cargo.toml`.
    /// - Returns: where its workspace is; the package's own manifest where it has none.
    /// - Throws: `WorkspaceError`; `.noSuchManifest` where there is no such file.
    static func find(package: FilePath) throws(WorkspaceError) -> WorkspaceRoot {
        guard let manifest = try Manifest.read(package) else { throw .noSuchManifest(package) }
        return try find(package: package, manifest)
    }

    private static func find(
        package: FilePath,
        _ manifest: Manifest
    ) throws(WorkspaceError) -> WorkspaceRoot {
        guard package.isRegularFile else { throw .noSuchManifest(package) }
        if manifest.isWorkspaceRoot { return WorkspaceRoot(package: package, manifest: package) }
        let directory = package.removingLastComponent()
        if let pointer = manifest.workspacePointer {
            let root = directory.pushing(FilePath(pointer)).lexicallyNormalized()
            let path = root.appending("Cargo.toml")
            // What the pointer leads to is shown to the build: it must be a workspace indeed.
            guard try Manifest.read(path)?.isWorkspaceRoot ?? false else {
                throw .noWorkspace(path, of: package)
            }
            return WorkspaceRoot(package: package, manifest: path)
        }
        for ancestor in directory.removingLastComponent().ancestors where directory != ancestor {
            let path = ancestor.appending("Cargo.toml")
            guard let candidate = try Manifest.read(path), candidate.isWorkspaceRoot else {
                continue
            }
            let root = candidate.excludes(directory) ? package : path
            return WorkspaceRoot(package: package, manifest: root)
        }
        return WorkspaceRoot(package: package, manifest: package)
    }
}

/// Why there is no workspace to build.
enum WorkspaceError: Error, Equatable {
    case noManifest(FilePath)
    case noSuchManifest(FilePath)
    case noWorkspace(FilePath, of: FilePath)
    case unreadable(TextFileError)
    case syntax(FilePath, TOMLSyntaxError)
    case metadataFailed(CInt)
    case metadataUnreadable(String)
    case noCargoHome
    case cannotCreate(FilePath, Errno)
    /// The workspace has no lock file, and none can be made.
    case noLockFile(FilePath, Errno)
    case unsafeTargetDirectory(FilePath)
}
