// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, `cross-util containers`.

import ArgumentParser

/// `cross-util containers`: each ends with its build, so there are none.
struct Containers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says that there are no containers: a sandbox ends with what runs in it.",
        subcommands: [List.self, RemoveAll.self],
        defaultSubcommand: List.self
    )

    /// `cross-util containers list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists nothing.")

        @OptionGroup var engine: EngineOptions
        @OptionGroup var speech: SpeechOptions

        mutating func run() throws { try Absence.containers.tell(speech) }
    }

    /// `cross-util containers remove-all`.
    struct RemoveAll: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Removes nothing.")

        @OptionGroup var removal: RemovalOptions
        @OptionGroup var engine: EngineOptions
        @OptionGroup var speech: SpeechOptions

        mutating func run() throws { try Absence.containers.tell(speech) }
    }
}
