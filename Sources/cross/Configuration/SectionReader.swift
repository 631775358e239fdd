// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

/// Reads one table of a `Cross.toml`, and remembers which of its keys mean nothing.
struct SectionReader {
    enum Kind {
        case build
        case target
    }

    let file: FilePath
    /// The keys that led here.
    let path: [String]
    private(set) var unknownKeys: [String] = []

    init(file: FilePath, path: [String]) {
        self.file = file
        self.path = path
    }

    /// Reads `[build]` or `[target.…]`.
    mutating func section(
        _ value: TOML,
        kind: Kind
    ) throws(ConfigurationError) -> CrossToml.Section {
        var section = CrossToml.Section()
        for (key, value) in try table(value).sorted(by: { $0.key < $1.key }) {
            switch (key, kind) {
            case ("default-target", .build): section.defaultTarget = try string(value, key)
            case ("image", .target): section.image = try image(value)
            case ("runner", .target): section.runner = try string(value, key)
            case ("build-std", _): section.buildStd = try buildStd(value)
            case ("rootfs", _): section.rootfs = try string(value, key)
            case ("suite", _): section.suite = try string(value, key)
            case ("packages", _): section.packages = try strings(value, key)
            case ("rootfs-manifests", .build): section.manifests = try string(value, key)
            case ("debian", .build): section.mirrors = try mirrors(value)
            case ("env", _): try environment(value, into: &section)
            case ("pre-build", _), ("dockerfile", _), ("zig", _):
                section.unsupportedKeys.append(spelled(key))
            default: unknownKeys.append(spelled(key))
            }
        }
        return section
    }

    /// The entries of the table at `path`.
    func table(_ value: TOML) throws(ConfigurationError) -> [String: TOML] {
        guard let table = value.table else {
            throw .wrongType(file, key: path.joined(separator: "."), expected: "a table")
        }
        return table
    }

    private mutating func environment(
        _ value: TOML,
        into section: inout CrossToml.Section
    ) throws(ConfigurationError) {
        let reader = SectionReader(file: file, path: path + ["env"])
        for (key, value) in try reader.table(value).sorted(by: { $0.key < $1.key }) {
            switch key {
            case "passthrough": section.passthrough = try reader.strings(value, key)
            case "volumes": section.volumes = try reader.strings(value, key)
            default: unknownKeys.append(reader.spelled(key))
            }
        }
    }

    private mutating func mirrors(_ value: TOML) throws(ConfigurationError) -> [String: String] {
        let reader = SectionReader(file: file, path: path + ["debian"])
        var mirrors: [String: String] = [:]
        for (key, value) in try reader.table(value).sorted(by: { $0.key < $1.key }) {
            if MirrorKey(rawValue: key) == nil {
                unknownKeys.append(reader.spelled(key))
            } else {
                mirrors[key] = try reader.string(value, key)
            }
        }
        return mirrors
    }

    private mutating func image(_ value: TOML) throws(ConfigurationError) -> String {
        guard let table = value.table else { return try string(value, "image") }
        unknownKeys += table.keys.filter { $0 != "name" && $0 != "toolchain" }.sorted()
            .map { spelled("image.\($0)") }
        guard let name = table["name"] else {
            throw .wrongType(file, key: spelled("image.name"), expected: "a string")
        }
        return try string(name, "image.name")
    }

    private func buildStd(_ value: TOML) throws(ConfigurationError) -> BuildStd {
        if let enabled = value.boolean { return .enabled(enabled) }
        if let crates = value.strings { return .crates(crates) }
        throw .wrongType(
            file,
            key: spelled("build-std"),
            expected: "a boolean or an array of strings"
        )
    }

    private func string(_ value: TOML, _ key: String) throws(ConfigurationError) -> String {
        guard let string = value.string else {
            throw .wrongType(file, key: spelled(key), expected: "a string")
        }
        return string
    }

    private func strings(_ value: TOML, _ key: String) throws(ConfigurationError) -> [String] {
        guard let strings = value.strings else {
            throw .wrongType(file, key: spelled(key), expected: "an array of strings")
        }
        return strings
    }

    private func spelled(_ key: String) -> String { (path + [key]).joined(separator: ".") }
}
