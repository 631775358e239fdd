// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: mkdtemp(3).

import CTracer
import Glibc
import Sandbox
import SystemPackage

/// A directory of the host for what is temporary inside, removed with all that was put there.
struct Scratch: ~Copyable {
    let path: FilePath

    /// Makes it in the directory that `TMPDIR` names, else in `/tmp`.
    ///
    /// - Throws: `TracerError.failed(.scratch, …)`.
    init() throws(TracerError) {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
        let pattern = FilePath(parent.isEmpty ? "/tmp" : parent).appending("cross-run-XXXXXX")
        var name = pattern.bytes.map { CChar(bitPattern: $0) } + [0]
        guard unsafe mkdtemp(&name) != nil else {
            throw .failed(.scratch, path: pattern, errno: Errno(rawValue: errno))
        }
        let whole = FilePath(platformString: name)
        guard let path = HostFile.canonical(whole) else {
            throw .failed(.scratch, path: whole, errno: Errno(rawValue: errno))
        }
        self.path = path
    }

    deinit {
        // What cannot be removed is the system's to clean up, as all of /tmp is.
        unsafe path.withPlatformString { unsafe tracer_remove_tree($0) }
    }
}
