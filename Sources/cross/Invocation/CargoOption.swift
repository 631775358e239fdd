// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: `cargo help`, "Options", and the pages of the subcommands.

/// One argument of a cargo command line, told apart as cargo tells it apart.
struct CargoOption: Equatable {
    enum Name {
        case subcommand
        case target
        case targetDirectory
        case manifestPath
        case directory
        case features
        case allFeatures
        case noDefaultFeatures
        case offline
        case locked
        case frozen
        case configuration
        case unstable
        case colour
        case verbose
        case quiet
        case version
        case list
        /// Takes a value that `cross` does not need, but that is no subcommand.
        case valued
    }

    let name: Name
    /// The value, where it is part of the argument.
    let value: String?
    /// Whether the next argument is the value, unless there is one already.
    let takesValue: Bool

    /// What decides which packages a build consists of, and how they may be looked up.
    static let resolution: Set<Name> = [
        .manifestPath, .features, .allFeatures, .noDefaultFeatures, .offline, .locked, .frozen,
        .configuration, .unstable,
    ]

    /// Reads one argument; `nil` where it means nothing to `cross`.
    init?(_ argument: String) {
        let bytes = Array(argument.utf8)
        guard let first = bytes.first else { return nil }
        guard first == UInt8(ascii: "-") else {
            self.init(.subcommand, argument)
            return
        }
        if bytes.starts(with: Array("--".utf8)) {
            self.init(long: argument)
        } else {
            self.init(short: argument)
        }
    }

    private init(_ name: Name, _ value: String? = nil, takesValue: Bool = false) {
        self.name = name
        self.value = value
        self.takesValue = takesValue
    }

    private init?(long argument: String) {
        let equals = argument.utf8.firstIndex(of: UInt8(ascii: "="))
        let name = String(argument[..<(equals ?? argument.endIndex)])
        let value = equals.map { String(argument[argument.utf8.index(after: $0)...]) }
        if let option = Self.longValued[name] {
            self.init(option, value, takesValue: true)
        } else if let option = Self.longFlags[name] {
            self.init(option)
        } else {
            return nil
        }
    }

    private init?(short argument: String) {
        let letters = argument.dropFirst()
        guard let first = letters.first else { return nil }
        if let option = Self.shortValued[first] {
            let value = letters.dropFirst().drop { $0 == "=" }
            self.init(option, value.isEmpty ? nil : String(value), takesValue: true)
        } else if letters.allSatisfy({ $0 == "v" }) {
            self.init(.verbose)
        } else if let option = Self.shortFlags[first], letters.count == 1 {
            self.init(option)
        } else {
            return nil
        }
    }

    private static let longValued: [String: Name] = [
        "--target": .target, "--target-dir": .targetDirectory, "--manifest-path": .manifestPath,
        "--features": .features, "--config": .configuration, "--color": .colour,
        "--package": .valued, "--exclude": .valued, "--profile": .valued, "--jobs": .valued,
        "--bin": .valued, "--example": .valued, "--test": .valued, "--bench": .valued,
        "--message-format": .valued, "--explain": .valued, "--artifact-dir": .valued,
        "--crate-type": .valued, "--lockfile-path": .valued, "--format-version": .valued,
        "--filter-platform": .valued,
    ]

    private static let longFlags: [String: Name] = [
        "--all-features": .allFeatures, "--no-default-features": .noDefaultFeatures,
        "--offline": .offline, "--locked": .locked, "--frozen": .frozen, "--verbose": .verbose,
        "--quiet": .quiet, "--version": .version, "--list": .list,
    ]

    private static let shortValued: [Character: Name] = [
        "F": .features, "Z": .unstable, "C": .directory, "p": .valued, "j": .valued,
    ]

    private static let shortFlags: [Character: Name] = [
        "q": .quiet, "V": .version,
    ]
}
