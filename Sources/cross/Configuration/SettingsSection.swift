// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/config_file.md.

/// The keys of `[build]`, or of one `[target.…]`.
struct SettingsSection: Equatable {
    var defaultTarget: String?
    var image: ImageSetting?
    var runner: String?
    var buildStd: BuildStd?
    var zig = ZigSetting()
    var preBuild: PreBuildSetting?
    var dockerfile = DockerfileSetting()
    var passthrough: [String]?
    var volumes: [String]?
    var rootfs: String?
    var suite: String?
    var packages: [String]?
    /// What follows is of `[build]` alone.
    var subcommands: [String]?
    var credentials: [String]?
    var sccache: Bool?
    var allow: [String]?
    var project: String?
    var memoryLimit: String?
    var processLimit: Int?
    /// Where the directory of manifests and the archives of packages are.
    var manifests: String?
    var mirrors: [String: String] = [:]

    /// Reads `[build]`.
    static func build(_ reader: inout TableReader) throws(ConfigurationError) -> Self {
        var section = Self()
        section.defaultTarget = try reader.string("default-target")
        section.subcommands = try reader.strings("subcommands")
        section.credentials = try reader.strings("credentials")
        section.allow = try reader.strings("allow")
        section.project = try reader.string("project")
        section.memoryLimit = try reader.string("memory-limit")
        section.processLimit = try reader.take("process-limit", "a whole number", \.integer)
        section.sccache = try reader.boolean("sccache")
        section.manifests = try reader.string("rootfs-manifests")
        section.mirrors = try reader.table("debian", mirrors) ?? [:]
        try section.readCommon(&reader)
        return section
    }

    /// Reads `[target.…]`.
    static func target(_ reader: inout TableReader) throws(ConfigurationError) -> Self {
        var section = Self()
        section.image = try ImageSetting(&reader, "image")
        section.runner = try reader.string("runner")
        try section.readCommon(&reader)
        return section
    }

    private mutating func readCommon(_ reader: inout TableReader) throws(ConfigurationError) {
        buildStd = try reader.take(
            "build-std",
            "a boolean or an array of strings",
            BuildStd.init(toml:)
        )
        zig = try ZigSetting(&reader)
        preBuild = try reader.take(
            "pre-build",
            "a string or an array of strings",
            PreBuildSetting.init(toml:)
        )
        dockerfile = try DockerfileSetting(&reader)
        rootfs = try reader.string("rootfs")
        suite = try reader.string("suite")
        packages = try reader.strings("packages")
        let environment = try reader.table("env") { (reader) throws(ConfigurationError) in
            (passthrough: try reader.strings("passthrough"), volumes: try reader.strings("volumes"))
        }
        passthrough = environment?.passthrough
        volumes = environment?.volumes
    }

    private static func mirrors(
        _ reader: inout TableReader
    ) throws(ConfigurationError) -> [String: String] {
        var mirrors: [String: String] = [:]
        for key in MirrorKey.allCases {
            mirrors[key.rawValue] = try reader.string(key.rawValue)
        }
        return mirrors
    }
}
