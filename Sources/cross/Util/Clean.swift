// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Console
import OCIStore
import SystemPackage

/// `cross-util clean`: everything that was pulled or built.
struct Clean: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Empties the store, but for what runs; without --execute only says what is in it."
    )

    @Flag(name: .shortAndLong, help: "Also images that were built here.")
    var local = false

    @OptionGroup var removal: RemovalOptions
    @OptionGroup var engine: EngineOptions
    @OptionGroup var speech: SpeechOptions

    mutating func run() throws {
        let host = try Host.current()
        let console = speech.console(host)
        let store = try Store.ofUser(host)
        let images = try store.images().filter { local || !TargetImages.isLocal($0) }
        guard removal.execute else {
            images.forEach { StandardOutput.write("\($0.reference) (\($0.platform))") }
            return console.note(RemovalOptions.hint)
        }
        for image in images { try store.forget(image) }
        try store.forgetBuilds()
        try store.prune(console)
    }
}
