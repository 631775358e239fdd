// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/config_file.md, "dockerfile".

import SystemPackage

/// `dockerfile`: how the image is built from the one that would be used otherwise.
struct ConfiguredDockerfile: Equatable {
    /// Absolute.
    let file: FilePath
    /// The directory that `COPY` takes files from; absolute.
    let context: FilePath
    /// By name; those of the target replace those for all.
    let buildArguments: [String: String]
}

/// The parts of `dockerfile` that one section says; each is decided by itself.
struct DockerfileSetting: Equatable {
    var file: String?
    var context: String?
    var buildArguments: [String: String] = [:]

    /// Nothing said.
    init() {}

    /// Reads `dockerfile`: a path, or a table.
    init(_ reader: inout TableReader) throws(ConfigurationError) {
        guard reader.hasTable("dockerfile") else {
            file = try reader.take("dockerfile", "a string or a table", \.string)
            return
        }
        self =
            try reader.table("dockerfile") { (reader) throws(ConfigurationError) in
                var setting = Self()
                setting.file = try reader.string("file")
                setting.context = try reader.string("context")
                setting.buildArguments = try reader.table("build-args", Self.arguments) ?? [:]
                guard setting.file != nil else { throw reader.missing("file") }
                return setting
            } ?? Self()
    }

    private static func arguments(
        _ reader: inout TableReader
    ) throws(ConfigurationError) -> [String: String] {
        var arguments: [String: String] = [:]
        for key in reader.keys { arguments[key] = try reader.string(key) }
        return arguments
    }
}
