// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Cache Directory Tagging Specification, bford.info/cachedir.

import Sandbox
import SystemPackage

/// Where a build writes, outside and inside.
struct TargetDirectory {
    /// The path outside.
    let path: FilePath
    /// Where intermediate files go, if not below `path`.
    private let buildPath: FilePath?

    /// The directories of an invocation: the user's own word, else what cargo tells.
    ///
    /// What the project's configuration names is its author's word, and all of it will be writable:
    /// it must not have anything in it that is the user's.
    ///
    /// - Throws: `WorkspaceError.unsafeTargetDirectory`.
    init(
        _ invocation: Invocation,
        _ workspace: Workspace,
        _ host: Host,
        _ project: ProjectMounts
    ) throws(WorkspaceError) {
        let named = invocation.targetDirectory.map { host.absolute(FilePath($0)) }
        let path = named ?? FilePath(workspace.targetDirectory)
        // Unless it is configured, it is the target directory, wherever that is said to be.
        let build = workspace.buildDirectory.flatMap {
            $0 == workspace.targetDirectory ? nil : FilePath($0)
        }
        buildPath = build.flatMap { $0.starts(with: path) ? nil : $0 }
        self.path = path
        let isUsers = named != nil || Self.variable(host) != nil
        try Self.check(path, project, isUsersWord: isUsers)
        if let buildPath { try Self.check(buildPath, project, isUsersWord: false) }
    }

    /// What the user's environment says of it, absolute.
    static func variable(_ host: Host) -> FilePath? {
        let value =
            host.environment["CARGO_TARGET_DIR"] ?? host.environment["CARGO_BUILD_TARGET_DIR"]
        return value.flatMap { $0.isEmpty ? nil : host.absolute(FilePath($0)) }
    }

    private static func check(
        _ path: FilePath,
        _ project: ProjectMounts,
        isUsersWord: Bool
    ) throws(WorkspaceError) {
        let real = path.canonical ?? path
        let precious = [project.root.directory, project.host.home, project.cargoHome.path]
            .compactMap { $0?.canonical ?? $0 }
        guard !precious.contains(where: { $0.starts(with: real) }) else {
            throw .unsafeTargetDirectory(path)
        }
        let isInside = real.starts(with: project.root.directory.canonical ?? project.root.directory)
        guard
            isInside || isUsersWord || !real.isDirectory || isMarked(real)
                || real.isEmptyDirectory
        else { throw .unsafeTargetDirectory(path) }
    }

    /// Creates what is missing, marked as something backups can leave out.
    ///
    /// - Throws: `WorkspaceError.cannotCreate`.
    func prepare() throws(WorkspaceError) {
        for path in [path, buildPath].compactMap(\.self)
        where !path.isDirectory || !Self.isMarked(path) && path.isEmptyDirectory {
            do {
                try Directory.create(path, mode: .directory)
                try Self.mark(path)
            } catch {
                // Another run of ours was as early.
                if error as? Errno == .fileExists { continue }
                throw .cannotCreate(path, (error as? Errno) ?? .ioError)
            }
        }
    }

    private static func isMarked(_ path: FilePath) -> Bool {
        path.appending("CACHEDIR.TAG").isRegularFile
    }

    private static func mark(_ path: FilePath) throws {
        let tag = try FileDescriptor.open(
            path.appending("CACHEDIR.TAG"),
            .writeOnly,
            options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead]
        )
        try tag.closeAfter { _ = try tag.writeAll(Self.tag.utf8) }
    }

    private static let tag = """
        Signature: 8a477f597d28d172789f06886806bc55
        # This directory holds what cross and cargo built; it can be made again.

        """

    /// At its own path, so that paths in artifacts and messages are the host's, and at `/target`.
    ///
    /// The link's own path needs no mount: the link is in the project and leads to the real one.
    var mounts: [Mount] {
        let real = path.canonical ?? path
        let build = buildPath.map { [Mount($0.canonical ?? $0, .readWrite)] } ?? []
        return build + [
            Mount(real, .readWrite),
            Mount(
                target: FilePath(InsideArguments.targetDirectory),
                kind: .bind(real, .readWrite, missing: .fail)
            ),
        ]
    }
}

extension FilePermissions {
    /// What a new directory gets, less the umask.
    static let directory: FilePermissions = [
        .ownerReadWriteExecute, .groupReadWriteExecute, .otherReadWriteExecute,
    ]
}
