// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/config_file.md.

import SystemPackage

/// A `Cross.toml`, key by key.
struct CrossToml: Equatable {
    /// The keys of `[build]`, or of one `[target.…]`.
    struct Section: Equatable {
        var defaultTarget: String?
        var image: String?
        var runner: String?
        var buildStd: BuildStd?
        var passthrough: [String]?
        var volumes: [String]?
        var rootfs: String?
        var suite: String?
        var packages: [String]?
        /// Where the directory of manifests and the archives of packages are; of `[build]` alone.
        var manifests: String?
        var mirrors: [String: String] = [:]
        /// Keys of cross-rs that mean something and that nothing here obeys yet.
        var unsupportedKeys: [String] = []
    }

    private(set) var build = Section()
    private(set) var targets: [String: Section] = [:]
    private(set) var unknownKeys: [String] = []

    /// The section of a target; empty where the file has none.
    subscript(_ target: Target) -> Section { targets[target.triple] ?? Section() }

    /// Reads a file.
    ///
    /// - Returns: `nil` where there is no such file.
    /// - Throws: `ConfigurationError`, where it is no TOML or a key has a value of another type.
    static func read(_ path: FilePath) throws(ConfigurationError) -> CrossToml? {
        let text: String?
        do throws(TextFileError) {
            text = try TextFile.read(path)
        } catch {
            throw .unreadable(error)
        }
        return try text.map { (text) throws(ConfigurationError) in
            try CrossToml(text, file: path)
        }
    }

    /// A file with nothing in it.
    init() {}

    /// Reads the text of a file.
    init(_ text: String, file: FilePath) throws(ConfigurationError) {
        let document: [String: TOML]
        do throws(TOMLSyntaxError) {
            document = try TOML.document(text)
        } catch {
            throw .syntax(file, error)
        }
        for (key, value) in document.sorted(by: { $0.key < $1.key }) {
            var reader = SectionReader(file: file, path: [key])
            switch key {
            case "build": build = try reader.section(value, kind: .build)
            case "target":
                for (triple, section) in try reader.table(value).sorted(by: { $0.key < $1.key }) {
                    var reader = SectionReader(file: file, path: [key, triple])
                    targets[triple] = try reader.section(section, kind: .target)
                    unknownKeys += reader.unknownKeys
                }
            default: unknownKeys.append(key)
            }
            unknownKeys += reader.unknownKeys
        }
    }
}

/// `build-std`: which crates of the standard library are compiled with the project.
enum BuildStd: Equatable {
    case enabled(Bool)
    case crates([String])

    /// Reads the value of an environment variable: a boolean, else names with commas.
    init(_ text: String) {
        if text == "true" || text == "false" || text.isEmpty || Int(text) != nil {
            self = .enabled(Truth(text).value)
        } else {
            self = .crates(text.split(separator: ",").map(String.init))
        }
    }

    /// Empty means cargo's own choice; `nil` means none.
    var crates: [String]? {
        switch self {
        case .enabled(let enabled): enabled ? [] : nil
        case .crates(let crates): crates.isEmpty ? nil : crates
        }
    }
}
