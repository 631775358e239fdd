// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser

/// `cross-util completions`: what a shell must know to complete `cross-util`.
struct Completions: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes a script by which a shell completes cross-util."
    )

    /// The shells that there are scripts for.
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash
        case zsh
        case fish
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    mutating func run() throws {
        let kind: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        StandardOutput.write(CrossUtil.completionScript(for: kind))
    }
}
