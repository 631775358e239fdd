// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Console
import OCIStore
import RootfsRecipe

/// `cross-util push`: an image to a registry, so that what was built once serves many machines.
struct Push: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pushes an image, or what a target is built in, to a registry.",
        usage: """
            cross-util push IMAGE DESTINATION
            cross-util push --target TRIPLE DESTINATION
            """
    )

    @Argument(help: "An image in the store, unless there is a target; and what it is called there.")
    var names: [String]

    @Option(
        help: "A target of the project in the working directory, as it is prepared.",
        completion: .list(ManifestLibrary.triples)
    )
    var target: String?

    @Option(help: "How layers are compressed: gzip, zstd or none.")
    var compression = Compression.gzip

    @OptionGroup var speech: SpeechOptions

    mutating func validate() throws {
        guard names.count == (target == nil ? 2 : 1) else {
            throw ValidationError("Name an image or a target, and where it goes.")
        }
    }

    mutating func run() throws {
        let host = try Host.current()
        let console = speech.console(host)
        let destination = try ImageName.parse(names[names.count - 1])
        let selection = ExportSelection(
            store: try Store.ofUser(host),
            host: host,
            console: console
        )
        var image: ExportRequest.Image
        if let target {
            let project = try Project(try Invocation([]), host)
            image = try selection.prepared(try Target(target), project, as: destination)
        } else {
            image = try selection.image(try ImageName.parse(names[0]))
            image.name = "\(destination)"
        }
        console.status("Pushing", "\(destination)")
        try Fetch(
            .push(
                ExportRequest(images: [image]),
                to: destination,
                compression: compression.rawValue
            )
        ).run(host, console)
    }
}
