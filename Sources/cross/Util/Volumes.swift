// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, `cross-util volumes`.

import ArgumentParser

/// `cross-util volumes`: an engine elsewhere would keep them, so there are none.
struct Volumes: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says that there are no volumes: builds work on this machine's own files.",
        subcommands: [List.self, RemoveAll.self, Prune.self, Create.self, Remove.self],
        defaultSubcommand: List.self
    )

    /// `cross-util volumes list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists nothing.")

        @OptionGroup var engine: EngineOptions
        @OptionGroup var speech: SpeechOptions

        mutating func run() throws { try Absence.volumes.tell(speech) }
    }

    /// `cross-util volumes remove-all`.
    struct RemoveAll: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Removes nothing.")

        @OptionGroup var removal: RemovalOptions
        @OptionGroup var engine: EngineOptions
        @OptionGroup var speech: SpeechOptions

        mutating func run() throws { try Absence.volumes.tell(speech) }
    }

    /// `cross-util volumes prune`.
    struct Prune: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Removes nothing.")

        @OptionGroup var removal: RemovalOptions
        @OptionGroup var engine: EngineOptions
        @OptionGroup var speech: SpeechOptions

        mutating func run() throws { try Absence.volumes.tell(speech) }
    }

    /// `cross-util volumes create`.
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Is an error: no other machine needs a copy of this one's files."
        )

        @OptionGroup var volume: VolumeOptions
        @OptionGroup var engine: EngineOptions
        @OptionGroup var speech: SpeechOptions

        mutating func run() throws { throw AbsenceError.noVolume }
    }

    /// `cross-util volumes remove`.
    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Is an error, as there is none."
        )

        @OptionGroup var volume: VolumeOptions
        @OptionGroup var engine: EngineOptions
        @OptionGroup var speech: SpeechOptions

        mutating func run() throws { throw AbsenceError.noVolume }
    }
}

/// What cross-rs takes to name the volume of another machine's engine.
struct VolumeOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Means nothing.")
    var dockerInDocker = false

    @Flag(name: .shortAndLong, help: "Means nothing.")
    var copyRegistry = false

    @Option(help: "Means nothing.")
    var toolchain: String?

    @Option(help: .hidden)
    var target: String?
}
