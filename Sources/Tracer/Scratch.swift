// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: mkdtemp(3), flock(2).

import CTracer
import Glibc
import Sandbox
import SystemPackage

/// A directory of the host for what is temporary inside, removed with all that was put there.
///
/// It is locked as long as its owner lives, and the processes that answer in its name. So the next one to be
/// made can tell which were left behind by somebody who was killed, and removes them.
struct Scratch: ~Copyable {
    let path: FilePath
    private let lock: CInt

    private static let prefix = "cross-run-"

    /// Makes it in the directory that `TMPDIR` names, else in `/tmp`.
    ///
    /// - Throws: `TracerError.failed(.scratch, …)`.
    init() throws(TracerError) {
        let named = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
        let parent = FilePath(named.isEmpty ? "/tmp" : named)
        Self.removeAbandoned(in: parent)
        while true {
            let path = try Self.make(in: parent)
            // Until it is locked it looks abandoned, so somebody else may have removed it.
            guard let lock = Self.lock(path) else { continue }
            self.path = path
            self.lock = lock
            return
        }
    }

    deinit {
        // What cannot be removed is the system's to clean up, as all of /tmp is.
        unsafe path.withPlatformString { unsafe tracer_remove_tree($0) }
        close(lock)
    }

    private static func make(in parent: FilePath) throws(TracerError) -> FilePath {
        let pattern = parent.appending(prefix + "XXXXXX")
        var name = pattern.bytes.map { CChar(bitPattern: $0) } + [0]
        guard unsafe mkdtemp(&name) != nil else {
            throw .failed(.scratch, path: pattern, errno: Errno(rawValue: errno))
        }
        let whole = FilePath(platformString: name)
        guard let path = HostFile.canonical(whole) else {
            throw .failed(.scratch, path: whole, errno: Errno(rawValue: errno))
        }
        return path
    }

    /// Locks a directory of the caller's; `nil` where it is not there, not the caller's, or locked.
    private static func lock(_ path: FilePath) -> CInt? {
        let directory = unsafe path.withPlatformString {
            unsafe open($0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        guard directory >= 0 else { return nil }
        var opened = stat()
        var named = stat()
        guard unsafe fstat(directory, &opened) == 0, opened.st_uid == geteuid(),
            flock(directory, LOCK_EX | LOCK_NB) == 0,
            unsafe path.withPlatformString({ unsafe lstat($0, &named) }) == 0,
            named.st_ino == opened.st_ino, named.st_dev == opened.st_dev
        else {
            close(directory)
            return nil
        }
        return directory
    }

    private static func removeAbandoned(in parent: FilePath) {
        guard let stream = unsafe parent.withPlatformString({ unsafe opendir($0) }) else { return }
        defer { unsafe closedir(stream) }
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
                    unsafe FilePath.Component(platformString: $0)
                }
            }
            guard let name, name.string.hasPrefix(prefix) else { continue }
            let path = parent.appending(name)
            guard let lock = lock(path) else { continue }
            unsafe path.withPlatformString { unsafe tracer_remove_tree($0) }
            close(lock)
        }
    }
}
