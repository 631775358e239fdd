// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import FoundationEssentials
import SystemPackage

/// A project's `Cross.lock`, beside the manifest of its workspace as `Cargo.lock` is.
struct LockedFile {
    let path: FilePath

    init(_ root: WorkspaceRoot) {
        path = root.directory.appending("Cross.lock")
    }

    /// Reads it; where there is none, nothing is locked.
    ///
    /// - Throws: `CrossLockError`.
    func read() throws(CrossLockError) -> CrossLock { try CrossLock.read(path) }

    /// Changes it, whole or not at all, and as if no other process did so meanwhile.
    ///
    /// A project that cannot be written to is built all the same: what was resolved stays in the
    /// store.
    ///
    /// - Parameters:
    ///   - what: is locked.
    ///   - isNews: whether a failure is worth a warning; not where it would be one every time.
    ///   - console: is told.
    ///   - body: changes what it says, or nothing.
    func change(
        _ what: String,
        isNews: Bool,
        _ console: Console,
        _ body: (inout CrossLock) -> Void
    ) {
        let lock = DirectoryLock(path.removingLastComponent(), console)
        defer { withExtendedLifetime(lock) {} }
        guard var known = try? read() else { return }
        let before = known
        body(&known)
        guard known != before else { return }
        do {
            try Data(known.text.utf8).write(to: URL(filePath: path.string), options: .atomic)
            console.status("Locking", "\(what) in \(path)")
        } catch  where isNews {
            console.warning("cannot write `\(path)`: what was resolved is only in the store")
        } catch {
            console.detail("`\(path)` cannot be written")
        }
    }
}
