// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/config_file.md, "zig".

/// `zig`: zig's C compiler in place of the image's, for any target and glibc.
struct Zig: Equatable {
    /// The glibc to link against, such as `2.17`; `nil` leaves it to zig.
    let glibc: String?
    /// The image that has zig, where the user names one.
    let image: ImageSetting?

    /// The name that zig's image is published by, in place of the target's.
    static let imageName = "zig"

    /// A target as cargo-zigbuild takes it: with the glibc, where it is one that links it.
    ///
    /// - Parameter name: a triple, or a target specification's path.
    /// - Returns: such as `aarch64-unknown-linux-gnu.2.17`.
    func target(_ name: String) -> String {
        let parts = name.split(separator: "-")
        guard let glibc, parts.contains("linux"), parts.last?.hasPrefix("gnu") ?? false else {
            return name
        }
        return "\(name).\(glibc)"
    }
}

/// The parts of `zig` that one section says; each is decided by itself.
struct ZigSetting: Equatable {
    var isEnabled: Bool?
    var version: String?
    var image: ImageSetting?

    /// Nothing said.
    init() {}

    /// Reads `zig`: whether, or for which glibc, or a table of both and the image.
    init(_ reader: inout TableReader) throws(ConfigurationError) {
        guard !reader.hasTable("zig") else {
            self =
                try reader.table("zig") { (reader) throws(ConfigurationError) in
                    var setting = Self()
                    setting.isEnabled = try reader.boolean("enable")
                    setting.version = try reader.string("version")
                    setting.image = try ImageSetting(&reader, "image")
                    return setting
                } ?? Self()
            return
        }
        let short = try reader.take("zig", "a boolean, a string or a table") { value in
            value.boolean.map { Self(isEnabled: $0) }
                ?? value.string.map { Self(isEnabled: true, version: $0) }
        }
        self = short ?? Self()
    }

    private init(isEnabled: Bool, version: String? = nil) {
        self.isEnabled = isEnabled
        self.version = version
    }
}
