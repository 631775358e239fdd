// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: `cargo --list`; cross-rs, which groups it.

/// What `cross --list` shows: cargo's own list, told apart by where a command runs.
struct CommandList {
    let text: String

    /// Groups a list.
    ///
    /// - Parameters:
    ///   - cargo: what `cargo --list` wrote; left as it is where it does not begin as expected.
    ///   - subcommands: what the configuration adds to the commands that run inside.
    init(cargo: String, subcommands: [String] = []) {
        var lines = cargo.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.first == "Installed Commands:" else {
            text = cargo
            return
        }
        lines.removeFirst()
        while lines.last?.isEmpty ?? false { lines.removeLast() }
        let isInside = lines.map { line in
            let name = line.split(separator: " ").first.map(String.init) ?? ""
            return subcommands.contains(name) || Subcommand(name).isKnown
        }
        let inside = zip(lines, isInside).filter(\.1).map(\.0)
        let host = zip(lines, isInside).filter { !$0.1 }.map(\.0)
        text = (["Cross Commands:"] + inside + ["", "Host Commands:"] + host).joined(
            separator: "\n"
        )
    }
}
