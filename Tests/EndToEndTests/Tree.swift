// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Subprocess
import SystemPackage

/// A directory tree as one digest: names, kinds, modes, times, links and contents.
enum Tree {
    /// The digest of a tree.
    ///
    /// GNU tar tells hard links only from what is in the archive, so the store's own do not count.
    static func digest(_ path: FilePath) async throws -> String {
        let script = """
            set -euo pipefail; cd "$1"; ls -A | LC_ALL=C sort | tar --create --files-from=- --sort=name \
            --owner=0 --group=0 --numeric-owner --format=gnu | sha256sum
            """
        let result = try await Subprocess.run(
            .path("/bin/bash"),
            arguments: ["-c", script, "digest", path.string],
            output: .string(limit: 4096),
            error: .string(limit: 4096)
        )
        guard result.terminationStatus.isSuccess else {
            throw TreeUnreadable(reason: result.standardError)
        }
        return result.standardOutput
    }
}

/// Why a tree has no digest.
struct TreeUnreadable: Error {
    let reason: String
}
