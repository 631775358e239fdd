// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: flock(2).

import Console
import Glibc
import SystemPackage

/// What keeps other processes of ours from files of a directory while it lives.
///
/// It is the directory that is locked, as the files may not be there yet, and nothing new is to lie in a
/// project. Where the file system has no locks, as some of networks, nobody is kept from anything.
struct DirectoryLock: ~Copyable {
    private let directory: FileDescriptor?

    /// Takes the lock, waiting for whoever has it; a process must not take one twice.
    ///
    /// - Parameters:
    ///   - path: of the directory.
    ///   - console: is told before waiting.
    init(_ path: FilePath, _ console: Console? = nil) {
        directory = try? .open(path, .readOnly, options: [.directory, .closeOnExec])
        guard let directory, flock(directory.rawValue, LOCK_EX | LOCK_NB) != 0,
            errno == EWOULDBLOCK
        else { return }
        console?.status("Waiting", "for another process that has locked \(path)")
        while flock(directory.rawValue, LOCK_EX) != 0, errno == EINTR {}
    }

    deinit { try? directory?.close() }
}
