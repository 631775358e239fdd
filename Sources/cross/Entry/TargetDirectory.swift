// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Cache Directory Tagging Specification, bford.info/cachedir.

import Sandbox
import SystemPackage

/// Where a build writes, outside and inside.
struct TargetDirectory {
    /// The path outside.
    let path: FilePath

    /// The directory of an invocation: the command line's, else the one cargo tells.
    init(_ invocation: Invocation, _ workspace: Workspace, _ host: Host) {
        let named = invocation.targetDirectory.map { host.absolute(FilePath($0)) }
        path = named ?? FilePath(workspace.targetDirectory)
    }

    /// Creates it where it is missing, marked as something backups can leave out.
    ///
    /// - Throws: `WorkspaceError.cannotCreate`.
    func prepare() throws(WorkspaceError) {
        guard !path.isDirectory else { return }
        do {
            try Directory.create(path, mode: .directory)
            let tag = try FileDescriptor.open(
                path.appending("CACHEDIR.TAG"),
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
            try tag.closeAfter { _ = try tag.writeAll(Self.tag.utf8) }
        } catch {
            throw .cannotCreate(path, (error as? Errno) ?? .ioError)
        }
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
        return [
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
