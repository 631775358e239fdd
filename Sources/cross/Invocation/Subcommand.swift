// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cargo's built-in subcommands and their aliases, `cargo --list`.

/// What cargo is asked to do, as far as it decides where cargo runs.
enum Subcommand: Equatable {
    case build
    case check
    case doc
    case run
    case rustc
    case rustdoc
    case test
    case bench
    case clippy
    case metadata
    /// Anything else, by the name that was typed.
    case other(String)

    init(_ name: String) {
        switch name {
        case "build", "b": self = .build
        case "check", "c": self = .check
        case "doc", "d": self = .doc
        case "run", "r": self = .run
        case "rustc": self = .rustc
        case "rustdoc": self = .rustdoc
        case "test", "t": self = .test
        case "bench": self = .bench
        case "clippy": self = .clippy
        case "metadata": self = .metadata
        default: self = .other(name)
        }
    }

    /// Whether it compiles for the target, and so belongs into the target's root filesystem.
    var entersSandbox: Bool {
        if case .other = self { return false }
        return true
    }

    /// Whether it starts programs that were built for the target.
    var runsTargetPrograms: Bool {
        switch self {
        case .run, .test, .bench: true
        default: false
        }
    }
}
