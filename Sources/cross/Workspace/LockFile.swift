// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the Cargo Book, "Cargo.toml vs Cargo.lock".

import Console
import Sandbox
import SystemPackage

/// The one file of a project that describing it may write.
///
/// It is mounted by itself, so it must be there; one that cargo left empty is taken away again.
struct LockFile: ~Copyable {
    private let path: FilePath
    private let isNew: Bool
    /// While another process's cargo may be writing it, nobody is to take it for whole.
    private let lock: DirectoryLock

    /// The lock file of a workspace.
    ///
    /// - Throws: `WorkspaceError.noLockFile`, where there is none and none can be made.
    init(besides manifest: FilePath, _ console: Console) throws(WorkspaceError) {
        let directory = manifest.removingLastComponent()
        path = directory.appending("Cargo.lock")
        lock = DirectoryLock(directory, console)
        isNew = !path.isRegularFile
        guard isNew else { return }
        do {
            let file = try FileDescriptor.open(
                path,
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite]
            )
            try file.close()
        } catch {
            throw .noLockFile(path, (error as? Errno) ?? .ioError)
        }
    }

    deinit {
        if isNew, let status = try? path.stat(), status.size == 0 { path.unlink() }
    }

    /// The mount that cargo writes through.
    var mount: Mount { Mount(path, .readWrite) }
}
