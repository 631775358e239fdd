// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Debian's DEP 17; base-files and usr-is-merged.

import OCIStore

/// Where things are in a tree whose `/bin`, `/lib` and their kin are links into `/usr`.
enum MergedUsr {
    /// The directories of the root that are links.
    static let directories: [PathBytes] = [
        "bin", "sbin", "lib", "lib32", "lib64", "libx32", "libo32",
    ]

    /// The path as it is after the links on it were followed.
    ///
    /// - Parameters:
    ///   - path: as a package has it.
    ///   - isDirectory: whether a directory is meant; anything else of such a name is the link.
    /// - Returns: a path below `/usr` in place of one below a directory that is a link.
    static func resolved(_ path: LayerPath, isDirectory: Bool) -> LayerPath {
        guard let first = path.components.first, directories.contains(first),
            isDirectory || path.components.count > 1
        else { return path }
        // Four bytes more: what was too long for a path before is refused by the kernel anyway.
        return (try? LayerPath(Array("usr/".utf8) + path.bytes)) ?? path
    }
}
