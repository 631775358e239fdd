// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: mkdir(2).

import Glibc
import SystemPackage

/// Directories that the program needs to be there.
enum Directory {
    /// Creates a directory and those above it.
    ///
    /// - Parameters:
    ///   - path: absolute; nothing happens where it is there.
    ///   - mode: of every directory that is created, less the umask.
    /// - Throws: what mkdir(2) says.
    static func create(_ path: FilePath, mode: FilePermissions) throws(Errno) {
        // Mostly it is there, and so is all above it.
        guard FileIdentity(of: path) == nil else { return }
        for directory in path.ancestors.reversed().dropFirst() {
            let status = unsafe directory.withPlatformString { unsafe mkdir($0, mode.rawValue) }
            guard status != 0, errno != EEXIST else { continue }
            let failure = Errno(rawValue: errno)
            // EROFS and EACCES come before EEXIST for a directory that is there.
            guard FileIdentity(of: directory) != nil else { throw failure }
        }
    }
}
