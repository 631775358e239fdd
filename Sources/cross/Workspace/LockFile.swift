// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the Cargo Book, "Cargo.toml vs Cargo.lock".

import Sandbox
import SystemPackage

/// The one file of a project that describing it may write.
///
/// It is mounted by itself, so it must be there; one that cargo left empty is taken away again.
struct LockFile: ~Copyable {
    private let path: FilePath

    /// The lock file of a workspace.
    ///
    /// - Throws: `WorkspaceError.noLockFile`, where there is none and none can be made.
    init(besides manifest: FilePath) throws(WorkspaceError) {
        path = manifest.removingLastComponent().appending("Cargo.lock")
        guard !path.isRegularFile else { return }
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
        if let status = try? path.stat(), status.size == 0 { path.unlink() }
    }

    /// The mount that cargo writes through.
    var mount: Mount { Mount(path, .readWrite) }
}
