// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/environment_variables.md, "env.volumes".

import Sandbox
import SystemPackage

/// A directory of the user's that the configuration lets in.
struct Volume: Equatable {
    /// The variable that tells the build where it is.
    let variable: String
    /// The path, outside and inside.
    let path: FilePath

    /// Reads an entry: `NAME`, whose value outside is the path, or `NAME=/path`.
    ///
    /// - Returns: `nil` where the variable is not set.
    /// - Throws: `ConfigurationError`, where the name is empty or nothing is at the path.
    init?(_ entry: String, _ host: Host) throws(ConfigurationError) {
        let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        variable = String(parts[0])
        guard !variable.isEmpty else { throw .invalidVariable(entry) }
        let value = parts.count == 2 ? String(parts[1]) : host.environment[variable]
        guard let value, !value.isEmpty else { return nil }
        path = host.absolute(FilePath(value))
        guard path.canonical != nil else { throw .noSuchVolume(path) }
    }

    /// The mount; what the user's path links to appears at the user's path.
    var mount: Mount {
        Mount(target: path, kind: .bind(path.canonical ?? path, .readWrite, missing: .fail))
    }
}
