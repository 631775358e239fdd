// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, `get_filtered_args`; cargo-zigbuild, its subcommands and its variable CARGO.

/// The command that has cargo compile and link with zig: cargo-zigbuild's.
struct ZigCommand {
    /// Where zig and cargo-zigbuild keep what they made, inside.
    static let cache = "\(InsideArguments.targetDirectory)/.zig-cache"

    let zig: Zig
    /// What cargo would get without zig.
    let arguments: InsideArguments

    /// The program and its arguments.
    var words: [String] {
        switch arguments.invocation.subcommand {
        case .metadata: ["cargo"] + arguments.list
        case .build, .check, .clippy, .run, .rustc, .test:
            ["cargo-zigbuild"] + subcommandFirst(Self.targets(arguments.options, zig.target))
                + arguments.invocation.programArguments
        default:
            ["sh", "-c", Self.script, "sh"] + namedTargets.flatMap { ["--target", zig.target($0)] }
                + ["--"] + arguments.list
        }
    }

    /// A shell's words that run any of cargo's subcommands in cargo-zigbuild's environment.
    ///
    /// What cargo-zigbuild does not know it hands to cargo as it is, who then knows neither of zig nor
    /// of a target with a version. So it is asked for something that it knows, and starts a program in
    /// cargo's place that does what was asked for indeed.
    private static let script = """
        directory=$(mktemp -d) && cat >"$directory/cargo" <<'END' && chmod +x "$directory/cargo" || exit
        #!/bin/sh
        unset CARGO
        PATH=${PATH#*:}
        [ "$1" = rustc ] || exec cargo "$@"
        until [ "$1" = -- ]; do shift; done
        shift
        exec cargo "$@"
        END
        CARGO=$directory/cargo PATH=$directory:$PATH exec cargo-zigbuild rustc "$@"
        """

    /// The targets that the command is for.
    private var namedTargets: [String] {
        var names: [String] = []
        _ = Self.targets(arguments.options) { name in
            names.append(name)
            return name
        }
        return names
    }

    /// The same arguments with other targets.
    private static func targets(
        _ arguments: [String],
        _ change: (String) -> String
    ) -> [String] {
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--target", let name = rest.popFirst() {
                result += [argument, change(name)]
            } else if argument.hasPrefix("--target=") {
                result.append("--target=" + change(String(argument.dropFirst(9))))
            } else {
                result.append(argument)
            }
        }
        return result
    }

    /// cargo takes its options before the subcommand as well, cargo-zigbuild only behind it.
    private func subcommandFirst(_ arguments: [String]) -> [String] {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let option = CargoOption(argument)
            if option?.name == .subcommand {
                return [argument] + arguments[..<(rest.startIndex - 1)] + rest
            }
            if option?.takesValue ?? false, option?.value == nil { _ = rest.popFirst() }
        }
        return arguments
    }
}
