// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

/// A table of settings in a file of the user's: all of a `Cross.toml`, or a part of a `Cargo.toml`.
struct SettingsSource: Equatable {
    let file: FilePath
    /// The keys that lead to the table.
    let prefix: [String]
    let entries: [String: TOML]
    private let text: String

    /// Reads a table from a file's text; `nil` where the file has no such table.
    ///
    /// - Parameters:
    ///   - text: all of the file.
    ///   - file: its path, for what is said of it.
    ///   - prefix: the keys that lead to the table.
    /// - Throws: `ConfigurationError.syntax`, or `.wrongType` where it is no table.
    init?(_ text: String, file: FilePath, prefix: [String] = []) throws(ConfigurationError) {
        var entries: [String: TOML]
        do throws(TOMLSyntaxError) {
            entries = try TOML.document(text)
        } catch {
            throw .syntax(file, error)
        }
        self.file = file
        self.prefix = prefix
        self.text = text
        for (depth, key) in prefix.enumerated() {
            guard let value = entries[key] else { return nil }
            guard let table = value.table else {
                let path = Array(prefix[...depth])
                let place = SourcePlace(
                    file: file,
                    position: TOMLPositions(text).position(of: path)
                )
                throw .wrongType(place, key: path.joined(separator: "."), expected: "a table")
            }
            entries = table
        }
        self.entries = entries
    }

    /// Where keys stand; the file is looked through again, as hardly ever somebody asks.
    ///
    /// - Parameter paths: each the keys from the table to it, and it.
    /// - Returns: the places, in the same order.
    func places(_ paths: [[String]]) -> [SourcePlace] {
        guard !paths.isEmpty else { return [] }
        let positions = TOMLPositions(text)
        return paths.map { path in
            SourcePlace(file: file, position: positions.position(of: prefix + path))
        }
    }
}
