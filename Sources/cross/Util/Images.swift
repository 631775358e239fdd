// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Console
import FoundationEssentials
import OCIStore

/// `cross-util images`: what was pulled.
struct Images: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists or removes the images in the store.",
        subcommands: [List.self, Remove.self],
        defaultSubcommand: List.self
    )

    /// `cross-util images list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists images by target.")

        @Argument(
            help: "Targets; without any, all images.",
            completion: .list(ManifestLibrary.triples)
        )
        var targets: [String] = []

        @Option(help: "How: human or json.")
        var format: Format = .human

        @OptionGroup var engine: EngineOptions
        @OptionGroup var speech: SpeechOptions

        mutating func run() throws {
            let host = try Host.current()
            let images = try TargetImages(try Store.ofUser(host), targets)
            guard format == .human else { return StandardOutput.write(try images.json()) }
            guard images.images.isEmpty else { return StandardOutput.write(images.table) }
            let wanted =
                targets.isEmpty ? "" : " for \(targets.map { "`\($0)`" }.joined(separator: ", "))"
            speech.console(host).note("there are no images\(wanted) in the store")
        }
    }

    /// `cross-util images remove`.
    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Removes images, and what nothing else needs; without --execute only says so."
        )

        @Argument(
            help: "Targets; without any, all images.",
            completion: .list(ManifestLibrary.triples)
        )
        var targets: [String] = []

        @Flag(name: .shortAndLong, help: "Also images that were built here.")
        var local = false

        @OptionGroup var removal: RemovalOptions
        @OptionGroup var engine: EngineOptions
        @OptionGroup var speech: SpeechOptions

        mutating func run() throws {
            let host = try Host.current()
            let console = speech.console(host)
            let store = try Store.ofUser(host)
            let images = try TargetImages(store, targets).images
                .filter { local || !TargetImages.isLocal($0) }
            for image in images {
                guard removal.execute else {
                    StandardOutput.write("\(image.reference) (\(image.platform))")
                    continue
                }
                try store.forget(image)
                console.status("Removed", "\(image.reference) (\(image.platform))")
            }
            guard removal.execute else { return console.note(RemovalOptions.hint) }
            try store.prune(console)
        }
    }
}

/// How something is shown.
enum Format: String, ExpressibleByArgument, CaseIterable {
    case human
    case json
}

/// What every command takes that cross-rs gives to a container engine.
struct EngineOptions: ParsableArguments {
    @Option(help: "Means nothing: no container engine is run.")
    var engine: String?
}

/// How much is removed, and whether at all.
struct RemovalOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Means nothing: what a build uses stays until it ends.")
    var force = false

    @Flag(name: .shortAndLong, help: "Remove; without it, only say what would be.")
    var execute = false

    static let hint = "nothing was removed; add `--execute`"
}
