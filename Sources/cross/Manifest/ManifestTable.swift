// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import SystemPackage

/// A table of a manifest, whose keys are taken out one by one; what is left at the end is unknown.
struct ManifestTable {
    private let file: FilePath
    private let path: [String]
    private var entries: [String: TOML]

    init(_ entries: [String: TOML], file: FilePath, path: [String] = []) {
        self.entries = entries
        self.file = file
        self.path = path
    }

    /// The keys that are left, sorted.
    var names: [String] { entries.keys.sorted() }

    /// Refuses keys that nobody has asked for.
    func finish() throws(ManifestError) {
        if let key = names.first { throw .unknownKey(file, key: spelled(key)) }
    }

    mutating func string(_ key: String) throws(ManifestError) -> String? {
        try take(key, "a string") { $0.string }
    }

    mutating func required(_ key: String) throws(ManifestError) -> String {
        guard let value = try string(key) else { throw .missingKey(file, key: spelled(key)) }
        return value
    }

    mutating func boolean(_ key: String) throws(ManifestError) -> Bool? {
        try take(key, "a boolean") { $0.boolean }
    }

    mutating func integer(_ key: String) throws(ManifestError) -> Int? {
        try take(key, "a whole number") { $0.integer }
    }

    mutating func strings(_ key: String) throws(ManifestError) -> [String]? {
        try take(key, "an array of strings") { $0.strings }
    }

    mutating func table(_ key: String) throws(ManifestError) -> ManifestTable? {
        let table = try take(key, "a table") { $0.table }
        return table.map { ManifestTable($0, file: file, path: path + [key]) }
    }

    /// The tables of an array of tables; none where it is not there.
    mutating func tables(_ key: String) throws(ManifestError) -> [ManifestTable] {
        let tables = try take(key, "an array of tables") { value -> [[String: TOML]]? in
            let tables = value.array?.map(\.table)
            return tables?.contains { $0 == nil } == false ? tables?.compactMap(\.self) : nil
        }
        return (tables ?? []).map { ManifestTable($0, file: file, path: path + [key]) }
    }

    /// A SHA-256 digest in hexadecimal digits.
    mutating func digest(_ key: String) throws(ManifestError) -> Digest {
        let text = try required(key)
        guard let digest = try? Digest("sha256:\(text)") else {
            throw .wrongType(file, key: spelled(key), expected: "64 hexadecimal digits")
        }
        return digest
    }

    /// All keys that are left, each of which must be a string.
    mutating func allStrings() throws(ManifestError) -> [String: String] {
        var result: [String: String] = [:]
        for name in names { result[name] = try required(name) }
        return result
    }

    private mutating func take<Value>(
        _ key: String,
        _ expected: String,
        _ read: (TOML) -> Value?
    ) throws(ManifestError) -> Value? {
        guard let entry = entries.removeValue(forKey: key) else { return nil }
        guard let value = read(entry) else {
            throw .wrongType(file, key: spelled(key), expected: expected)
        }
        return value
    }

    private func spelled(_ key: String) -> String { (path + [key]).joined(separator: ".") }
}
