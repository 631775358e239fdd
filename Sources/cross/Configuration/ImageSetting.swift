// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/config_file.md, "image".

/// `image`: the image of a target, and which of its platforms is to be used.
struct ImageSetting: Equatable {
    /// A whole reference, or a shorthand; see `ImageName`.
    var name: String
    /// The toolchains that run in it, as they are written; see `ImageToolchain`.
    var toolchains: [String] = []

    /// An image of the given name.
    init(name: String, toolchains: [String] = []) {
        self.name = name
        self.toolchains = toolchains
    }

    /// Reads a name, or a table of it and the toolchains.
    ///
    /// - Returns: `nil` where there is no such key.
    init?(_ reader: inout TableReader, _ key: String) throws(ConfigurationError) {
        let setting: Self? =
            if reader.hasTable(key) {
                try reader.table(key) { (reader) throws(ConfigurationError) in
                    guard let name = try reader.string("name") else {
                        throw reader.missing("name")
                    }
                    return Self(name: name, toolchains: try reader.strings("toolchain") ?? [])
                }
            } else {
                try reader.take(key, "a string or a table", \.string).map { Self(name: $0) }
            }
        guard let setting else { return nil }
        self = setting
    }
}
