// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import OCIStore
import SystemPackage

/// `cross-util import`: images from files, for machines without a network.
struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Imports images from an OCI layout or archive, or from what docker or podman saved."
    )

    @Argument(help: "A directory or a file, compressed or not.")
    var path: String

    @Option(name: .customLong("as"), help: "What the image is called in the store.")
    var name: String?

    @OptionGroup var speech: SpeechOptions

    mutating func run() throws {
        let host = try Host.current()
        let name = try name.map { try ImageName.parse($0) }
        let path = host.absolute(FilePath(path))
        try Fetch(.file(path, name)).run(host, speech.console(host))
    }
}
