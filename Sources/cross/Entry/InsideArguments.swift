// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, `get_filtered_args`.

/// The arguments that cargo gets inside.
struct InsideArguments {
    /// Where the target directory is mounted, whatever its path outside.
    static let targetDirectory = "/target"

    let invocation: Invocation
    let target: Target
    /// The crates of the standard library to build; empty means all of them, `nil` none.
    let buildStd: [String]?
    let doctests: Bool
    /// zig in place of the target's own compilers.
    var zig: Zig?

    /// The whole command, its program first.
    var command: [String] {
        zig.map { ZigCommand(zig: $0, arguments: self).words } ?? ["cargo"] + list
    }

    /// Everything after `cargo`.
    var list: [String] { options + invocation.programArguments }

    /// What is cargo's own of it.
    var options: [String] {
        var arguments = invocation.cargoArguments
        if invocation.subcommand == .metadata {
            arguments = Self.removing("--target", from: arguments)
        } else if invocation.target == nil {
            arguments += ["--target", target.argument]
        }
        arguments = Self.replacing("--target-dir", by: Self.targetDirectory, in: arguments)
        if doctests, invocation.subcommand == .test { arguments.append("-Zdoctest-xcompile") }
        if let buildStd {
            arguments.append(
                buildStd.isEmpty ? "-Zbuild-std" : "-Zbuild-std=\(buildStd.joined(separator: ","))"
            )
        }
        return arguments
    }

    private static func removing(_ option: String, from arguments: [String]) -> [String] {
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == option {
                _ = rest.popFirst()
            } else if !argument.hasPrefix(option + "=") {
                result.append(argument)
            }
        }
        return result
    }

    private static func replacing(
        _ option: String,
        by value: String,
        in arguments: [String]
    ) -> [String] {
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == option, rest.popFirst() != nil {
                result += [option, value]
            } else {
                result.append(argument.hasPrefix(option + "=") ? "\(option)=\(value)" : argument)
            }
        }
        return result
    }
}
