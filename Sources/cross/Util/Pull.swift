// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import OCIStore

/// `cross-util pull`: an image into the store, without building anything.
struct Pull: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pulls images into the store, so that builds need no network for them."
    )

    @Argument(help: "Images, such as ghcr.io/cross-rs/aarch64-unknown-linux-gnu:main.")
    var references: [String]

    @OptionGroup var speech: SpeechOptions

    mutating func validate() throws {
        guard !references.isEmpty else { throw ValidationError("Name at least one image.") }
    }

    mutating func run() throws {
        let host = try Host.current()
        for text in references {
            let reference = try ImageName.parse(text)
            try Fetch(.image(reference, .host, alternative: nil)).run(host, speech.console(host))
        }
    }
}
