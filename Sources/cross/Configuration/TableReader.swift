// SPDX-License-Identifier: MIT OR Apache-2.0

/// Takes the entries of a table one by one; those that nobody took mean nothing.
struct TableReader {
    private let source: SettingsSource
    /// The keys that led here, from the source's table.
    private let path: [String]
    private var entries: [String: TOML]
    private var unusedBelow: [UnusedEntry] = []
    /// The keys that were asked for, whether they are there or not.
    private var known: Set<String> = []

    /// A reader of a table that stands where a source's does.
    init(_ source: SettingsSource, entries: [String: TOML]) {
        self.init(source, path: [], entries: entries)
    }

    private init(_ source: SettingsSource, path: [String], entries: [String: TOML]) {
        self.source = source
        self.path = path
        self.entries = entries
    }

    /// The keys that are still there, here and in the tables below.
    var unused: [UnusedEntry] {
        unusedBelow + entries.keys.map { UnusedEntry(path: path + [$0], known: known.sorted()) }
    }

    /// The keys that are still there, here.
    var keys: [String] { entries.keys.sorted() }

    /// Takes an entry.
    ///
    /// - Parameters:
    ///   - key: its key.
    ///   - expected: what its value must be, to be read after "must be".
    ///   - read: `nil` where the value is something else.
    /// - Returns: `nil` where there is no such entry.
    /// - Throws: `ConfigurationError.wrongType`.
    mutating func take<Value>(
        _ key: String,
        _ expected: String,
        _ read: (TOML) -> Value?
    ) throws(ConfigurationError) -> Value? {
        known.insert(key)
        guard let value = entries.removeValue(forKey: key) else { return nil }
        guard let result = read(value) else { throw wrongType(key, expected) }
        return result
    }

    mutating func string(_ key: String) throws(ConfigurationError) -> String? {
        try take(key, "a string", \.string)
    }

    mutating func strings(_ key: String) throws(ConfigurationError) -> [String]? {
        try take(key, "an array of strings", \.strings)
    }

    mutating func boolean(_ key: String) throws(ConfigurationError) -> Bool? {
        try take(key, "a boolean", \.boolean)
    }

    /// Takes a table, whose own entries `read` takes.
    mutating func table<Value>(
        _ key: String,
        _ read: (inout TableReader) throws(ConfigurationError) -> Value
    ) throws(ConfigurationError) -> Value? {
        guard let entries = try take(key, "a table", \.table) else { return nil }
        var reader = TableReader(source, path: path + [key], entries: entries)
        let result = try read(&reader)
        unusedBelow += reader.unused
        return result
    }

    /// Whether the entry is there and a table.
    func hasTable(_ key: String) -> Bool { entries[key]?.table != nil }

    /// The error that an entry of this table has a value of another type, or none.
    func wrongType(_ key: String, _ expected: String) -> ConfigurationError {
        .wrongType(
            source.places([path + [key]])[0],
            key: Self.spelled(source.prefix + path + [key]),
            expected: expected
        )
    }

    /// The error that an entry which must be there is missing.
    func missing(_ key: String) -> ConfigurationError {
        .missingKey(source.places([path])[0], key: Self.spelled(source.prefix + path + [key]))
    }

    /// Keys as one writes them.
    static func spelled(_ path: [String]) -> String { path.joined(separator: ".") }
}

/// An entry of a table that nobody took.
struct UnusedEntry {
    /// The keys from the source's table to it, and its own.
    let path: [String]
    /// The keys that its table can have.
    let known: [String]
}
