// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: stat(2), access(2), readlink(2), realpath(3).

import FoundationEssentials
import Glibc
import SystemPackage

extension FilePath {
    /// Whether it is a regular file, or a symbolic link to one.
    var isRegularFile: Bool { (try? stat())?.type == .regular }

    /// Whether it is a regular file that the caller may execute, as access(2) decides.
    var isExecutableFile: Bool {
        guard isRegularFile else { return false }
        return unsafe withPlatformString { unsafe access($0, X_OK) } == 0
    }

    /// Whether it is a regular file that its mode lets somebody execute.
    ///
    /// access(2) would also look at how the file system is mounted here, which an overlay of it is not.
    var hasExecutableMode: Bool {
        guard let status = try? stat(), status.type == .regular else { return false }
        return !status.permissions.isDisjoint(with: [.ownerExecute, .groupExecute, .otherExecute])
    }

    /// Whether it is a directory, or a symbolic link to one.
    var isDirectory: Bool { (try? stat())?.type == .directory }

    /// Whether the caller may write it, as access(2) decides.
    var isWritable: Bool {
        unsafe withPlatformString { unsafe access($0, W_OK) } == 0
    }

    /// Whether it is a directory with nothing in it.
    var isEmptyDirectory: Bool {
        (try? FileManager.default.contentsOfDirectory(atPath: string))?.isEmpty ?? false
    }

    /// Removes a file; what is not there need not be removed.
    func unlink() {
        _ = unsafe withPlatformString { unsafe Glibc.unlink($0) }
    }

    /// Where a symbolic link points; `nil` where it is none.
    var symbolicLinkTarget: FilePath? { try? linkTarget() }

    /// Where a symbolic link points.
    ///
    /// - Throws: `Errno.invalidArgument` where it is there and is none, or what else readlink(2) says.
    func linkTarget() throws(Errno) -> FilePath {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = unsafe withPlatformString { path in
            unsafe readlink(path, &buffer, Int(PATH_MAX))
        }
        guard count > 0 else { throw Errno(rawValue: errno) }
        return unsafe FilePath(platformString: Array(buffer.prefix(count)) + [0])
    }

    /// The path with every symbolic link resolved, as realpath(3) does; `nil` where it is not there.
    var canonical: FilePath? {
        unsafe withPlatformString { path in
            guard let resolved = unsafe realpath(path, nil) else { return nil }
            defer { unsafe free(resolved) }
            return unsafe FilePath(platformString: resolved)
        }
    }
}
