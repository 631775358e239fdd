// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, `cross-util containers`.

import ArgumentParser
import Console

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

/// Things that a container engine would keep.
enum Absence: String {
    case volumes
    case containers

    /// The answer to whoever lists or removes them, on standard error: the list itself is empty.
    func tell(_ speech: SpeechOptions) throws {
        speech.console(try Host.current())
            .note("there are no \(rawValue), as no container engine is run")
    }
}

/// Why something that a container engine would keep cannot be had.
enum AbsenceError: Error, Equatable {
    case noVolume
}
