// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/config_file.md, "build-std".

/// `build-std`: which crates of the standard library are compiled with the project.
enum BuildStd: Equatable {
    case enabled(Bool)
    case crates([String])

    /// Reads the value of a key.
    init?(toml: TOML) {
        if let enabled = toml.boolean {
            self = .enabled(enabled)
        } else if let crates = toml.strings {
            self = .crates(crates)
        } else {
            return nil
        }
    }

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
