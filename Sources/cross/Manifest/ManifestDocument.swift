// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

/// The keys of a manifest, those of what it inherits among them.
struct ManifestDocument: Equatable {
    /// The manifest itself, for errors.
    let file: FilePath
    private(set) var entries: [String: TOML] = [:]

    init(file: FilePath) {
        self.file = file
    }

    /// Adds keys: tables key by key, arrays at the end, everything else in place of what was there.
    mutating func add(_ more: [String: TOML]) {
        entries = Self.merged(entries, more)
    }

    private static func merged(_ one: [String: TOML], _ other: [String: TOML]) -> [String: TOML] {
        one.merging(other) { old, new in
            switch (old, new) {
            case (.table(let old), .table(let new)): .table(merged(old, new))
            case (.array(let old), .array(let new)): .array(old + new)
            default: new
            }
        }
    }

    /// Fills in `{triple}` and the like, in keys too.
    mutating func expand(triple: String) {
        let emulator = entries["emulator"]?.table
        let names: [String: String?] = [
            "triple": triple,
            "triple_": Self.underscored(triple),
            "TRIPLE_": Self.underscored(triple).uppercased(),
            "prefix": entries["prefix"]?.string ?? "",
            "suffix": entries["suffix"]?.string ?? "",
            "sysroot": entries["sysroot"]?.string ?? "/",
            "architecture": entries["debian"]?.table?["architecture"]?.string,
            "emulator": emulator?["name"]?.string,
            "machine": emulator?["machine"]?.table?["command"]?.string,
        ]
        entries = Self.expanded(entries, names.compactMapValues(\.self))
    }

    private static func underscored(_ triple: String) -> String {
        String(triple.map { "-.".contains($0) ? "_" : $0 })
    }

    private static func expanded(
        _ table: [String: TOML],
        _ names: [String: String]
    ) -> [String: TOML] {
        var result: [String: TOML] = [:]
        for (key, value) in table { result[expanded(key, names)] = expanded(value, names) }
        return result
    }

    private static func expanded(_ value: TOML, _ names: [String: String]) -> TOML {
        switch value {
        case .string(let text): .string(expanded(text, names))
        case .array(let values): .array(values.map { expanded($0, names) })
        case .table(let table): .table(expanded(table, names))
        case .boolean, .integer, .other: value
        }
    }

    /// Braces around anything that is no name of ours stay: shells and CMake have their own.
    private static func expanded(_ text: String, _ names: [String: String]) -> String {
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let brace = rest.firstIndex(of: UInt8(ascii: "{")) {
            result += rest[..<brace]
            rest = rest[(brace + 1)...]
            guard let end = rest.firstIndex(of: UInt8(ascii: "}")),
                let value = names[String(decoding: rest[..<end], as: UTF8.self)]
            else {
                result.append(UInt8(ascii: "{"))
                continue
            }
            result += value.utf8
            rest = rest[(end + 1)...]
        }
        return String(decoding: result + rest, as: UTF8.self)
    }
}
