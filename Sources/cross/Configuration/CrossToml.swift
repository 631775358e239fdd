// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/config_file.md.

import SystemPackage

/// What the files say, key by key: `Cross.toml`, and beneath it the metadata of a `Cargo.toml`.
struct CrossToml: Equatable {
    private(set) var build = SettingsSection()
    private(set) var targets: [String: SettingsSection] = [:]
    private(set) var unusedKeys: [UnusedKey] = []
    private var sources: [SettingsSource] = []

    /// The section of a target; empty where no file has one.
    subscript(_ target: Target) -> SettingsSection { targets[target.triple] ?? SettingsSection() }

    /// Nothing at all.
    init() {}

    /// Reads a `Cross.toml`.
    init(_ text: String, file: FilePath) throws(ConfigurationError) {
        try self.init([SettingsSource(text, file: file)].compactMap(\.self))
    }

    /// Reads several sources; each must be right by itself.
    ///
    /// - Parameter sources: an earlier one's values replace a later one's, tables are merged.
    /// - Throws: `ConfigurationError`, where a key has a value of another type.
    init(_ sources: [SettingsSource]) throws(ConfigurationError) {
        guard let first = sources.first else { return }
        self.sources = sources
        for source in sources.dropFirst() {
            unusedKeys += try CrossToml(source, entries: source.entries).unusedKeys
        }
        let own = try CrossToml(first, entries: first.entries)
        unusedKeys = own.unusedKeys + unusedKeys
        let merged = try sources.count == 1 ? own : CrossToml(first, entries: Self.merged(sources))
        build = merged.build
        targets = merged.targets
    }

    private init(_ source: SettingsSource, entries: [String: TOML]) throws(ConfigurationError) {
        var reader = TableReader(source, entries: entries)
        build = try reader.table("build", SettingsSection.build) ?? SettingsSection()
        targets =
            try reader.table("target") { (reader) throws(ConfigurationError) in
                var targets: [String: SettingsSection] = [:]
                for triple in reader.keys {
                    targets[triple] = try reader.table(triple, SettingsSection.target)
                }
                return targets
            } ?? [:]
        let unused = reader.unused
        unusedKeys = zip(source.places(unused.map(\.path)), unused)
            .map { UnusedKey(place: $0, key: TableReader.spelled($1.path), known: $1.known) }
            .sorted { $0.isBefore($1) }
    }

    /// Where a key stands, in the first source that has it.
    func place(of path: [String]) -> SourcePlace? {
        sources.lazy.flatMap { $0.places([path]) }.first { $0.position != nil }
    }

    private static func merged(_ sources: [SettingsSource]) -> [String: TOML] {
        sources.reversed().reduce([:]) { TOML.merging($1.entries, over: $0) }
    }
}

/// A key that means nothing, and where it stands.
struct UnusedKey: Equatable {
    let place: SourcePlace
    /// Spelled with dots.
    let key: String
    /// The keys that its table can have.
    let known: [String]

    fileprivate func isBefore(_ other: UnusedKey) -> Bool {
        guard let own = place.position, let others = other.place.position else { return false }
        return own < others
    }
}

extension UnusedKey: CustomStringConvertible {
    var description: String {
        let name = key.split(separator: ".").last.map(String.init) ?? key
        let meant = NearestName.of(name, among: known).map { "; did you mean `\($0)`?" }
        return "\(place): unused key `\(key)`\(meant ?? "")"
    }
}
