// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

extension FilePath {
    /// The path itself and every directory above it, up to the root.
    var ancestors: [FilePath] {
        var result = [self]
        var path = self
        while path.removeLastComponent() { result.append(path) }
        return result
    }
}
