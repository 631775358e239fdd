// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Sandbox
import SystemPackage

/// What is asked of the host's files while a view is made.
enum HostFile {
    /// What is at a path; a link is followed nowhere.
    enum Kind: Equatable {
        case missing
        case directory
        case link(FilePath)
        case other
    }

    /// The path without links on the way; `nil`, and `errno`, where nothing is there.
    static func canonical(_ path: FilePath) -> FilePath? {
        unsafe path.withPlatformString { name in
            guard let real = unsafe realpath(name, nil) else { return nil }
            defer { unsafe free(real) }
            return unsafe FilePath(platformString: real)
        }
    }

    static func kind(_ path: FilePath) -> Kind {
        var status = stat()
        let result = unsafe path.withPlatformString { unsafe lstat($0, &status) }
        guard result == 0 else { return .missing }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .directory
        case S_IFLNK: return link(path).map(Kind.link) ?? .other
        default: return .other
        }
    }

    private static func link(_ path: FilePath) -> FilePath? {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = unsafe path.withPlatformString {
            unsafe readlink($0, &target, target.count - 1)
        }
        guard length > 0 else { return nil }
        return FilePath(platformString: target)
    }

    /// Makes a directory whose parent is there, of exactly this mode.
    static func makeDirectory(_ path: FilePath, mode: CInt) throws(Errno) {
        let made = unsafe path.withPlatformString {
            unsafe mkdir($0, mode_t(mode)) == 0 && chmod($0, mode_t(mode)) == 0
        }
        guard made || errno == EEXIST else { throw Errno(rawValue: errno) }
    }

    /// Makes an empty file whose parent is there.
    static func makeFile(_ path: FilePath) throws(Errno) {
        let descriptor = unsafe path.withPlatformString {
            unsafe open($0, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        }
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        close(descriptor)
    }
}
