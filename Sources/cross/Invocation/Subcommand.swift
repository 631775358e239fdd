// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cargo's built-in subcommands and their aliases, `cargo --list`; cross-rs, which of them run where.

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
    case clean
    /// `--list`.
    case list
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
        case "clean": self = .clean
        default: self = .other(name)
        }
    }

    /// Where cargo does it.
    enum Place {
        /// In the target's root filesystem, because it compiles for the target.
        case inside
        case host
        /// On the host, unless the configuration names it.
        case unknown
    }

    var place: Place {
        switch self {
        case .clean, .list: .host
        case .other: .unknown
        default: .inside
        }
    }

    /// Whether it is one that cross-rs speaks of, wherever it runs.
    var isKnown: Bool { place != .unknown }

    /// Whether it starts programs that were built for the target, for all that is known.
    var runsTargetPrograms: Bool {
        switch self {
        case .run, .test, .bench: true
        default: false
        }
    }
}
