// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: glob(3).

import Glibc

/// Path patterns as the shell and cargo's `members` know them.
enum Glob {
    /// The paths that match, sorted.
    static func matches(_ pattern: String) -> [String] {
        var found = unsafe glob_t()
        defer { unsafe globfree(&found) }
        guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
        return unsafe (0..<Int(found.gl_pathc)).compactMap { index in
            unsafe found.gl_pathv[index].map { unsafe String(cString: $0) }
        }
    }
}
