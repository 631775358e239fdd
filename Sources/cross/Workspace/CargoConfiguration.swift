// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the Cargo Book, "Configuration", "Hierarchical structure", `paths`, `[patch]`, `[source]`.

import FoundationEssentials
import SystemPackage

/// The configuration files that cargo reads for a directory, whether they are there or not.
struct CargoConfiguration {
    /// Both names of each, the nearest first.
    let files: [FilePath]

    /// The files for a directory.
    ///
    /// - Parameters:
    ///   - directory: where cargo runs.
    ///   - cargoHome: read last.
    init(for directory: FilePath, _ cargoHome: CargoHome) {
        let above = directory.ancestors.map { $0.appending(".cargo") }
        files = (above + [cargoHome.path])
            .flatMap { [$0.appending("config.toml"), $0.appending("config")] }
    }

    /// What they say for keys of `[build]`; each is read once.
    ///
    /// - Returns: by key, the text and the file that says it, the nearest.
    func build(_ keys: [String]) -> [String: (value: String, file: FilePath)] {
        var found: [String: (value: String, file: FilePath)] = [:]
        for file in files {
            // Most files do not speak of them, and need not be parsed to know it.
            guard let text = try? TextFile.read(file),
                keys.contains(where: { text.utf8.contains($0.utf8) }),
                let build = try? TOML.document(text)["build"]?.table
            else { continue }
            for key in keys where found[key] == nil {
                guard let value = build[key]?.string else { continue }
                found[key] = (value, file)
            }
        }
        return found
    }

    /// The packages on disk that they put in the place of others; a file that is wrong is cargo's
    /// to complain of.
    var overrides: [FilePath] {
        paths { ($0["paths"]?.strings ?? []) + Manifest.patches(in: $0) }
    }

    /// The directories of vendored packages that they put in the place of registries.
    ///
    /// A project's file is its author's word: what has anything else in it is not among them.
    var vendoredSources: [FilePath] {
        paths { fields in
            (fields["source"]?.table ?? [:]).values.compactMap { $0.table?["directory"]?.string }
        }.filter(Self.isVendored)
    }

    private func paths(_ named: ([String: TOML]) -> [String]) -> [FilePath] {
        files.flatMap { file -> [FilePath] in
            guard let text = try? TextFile.read(file), let fields = try? TOML.document(text) else {
                return []
            }
            // Relative to the directory that has the `.cargo`.
            let base = file.removingLastComponent().removingLastComponent()
            return named(fields).map { base.pushing(FilePath($0)).lexicallyNormalized() }
        }
    }

    /// As `cargo vendor` makes it: packages, each with a list of its files.
    private static func isVendored(_ directory: FilePath) -> Bool {
        let names = try? FileManager.default.contentsOfDirectory(atPath: directory.string)
        let packages = (names ?? []).filter { !$0.hasPrefix(".") }
        return !packages.isEmpty
            && packages.allSatisfy {
                directory.appending($0).appending(".cargo-checksum.json").isRegularFile
            }
    }
}
