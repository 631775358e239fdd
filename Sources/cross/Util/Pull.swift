// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import OCIStore

/// `cross-util pull`: root filesystems into the store, without building anything.
struct Pull: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Fetches root filesystems into the store, so that builds need no network for them."
    )

    @Argument(help: "Images, such as ghcr.io/cross-rs/aarch64-unknown-linux-gnu:main.")
    var references: [String] = []

    @Option(
        help: "A target of the project in the working directory; may be repeated.",
        completion: .list(ManifestLibrary.triples)
    )
    var target: [String] = []

    @OptionGroup var engine: EngineOptions
    @OptionGroup var speech: SpeechOptions

    mutating func validate() throws {
        guard !references.isEmpty || !target.isEmpty else {
            throw ValidationError("Name at least one image or target.")
        }
    }

    mutating func run() throws {
        let host = try Host.current()
        let console = speech.console(host)
        for text in references {
            let reference = try ImageName.parse(text)
            try Fetch(.image(reference, .host, lock: nil, alternative: nil)).run(host, console)
        }
        guard !target.isEmpty else { return }
        let project = try Project(try Invocation([]), host)
        for name in target {
            let target = try Target(name)
            guard let source = try project.source(target) else { throw TargetError.noImage(target) }
            _ = try Preparation(
                target: target,
                configuration: project.configuration,
                isOffline: false,
                host: host,
                console: console
            ).rootfs(try source.rootfs(target, project.root, try Invocation([]), host, console))
        }
    }
}
