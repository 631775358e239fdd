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

    @Flag(help: "Fail where Cross.lock would change.")
    var locked = false

    @Flag(help: "Fail where something has to be fetched.")
    var offline = false

    @Flag(help: "Both.")
    var frozen = false

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
        let images = try references.map { text in
            Fetch(.image(try ImageName.parse(text), .host, lock: nil, alternative: nil))
        }
        guard !target.isEmpty else { return try Fetch.run(images, host, console) }
        let invocation = try Invocation(
            (locked ? ["--locked"] : []) + (offline ? ["--offline"] : [])
                + (frozen ? ["--frozen"] : [])
        )
        let project = try Project(invocation, host)
        let targets = try target.map { try Target($0) }
        var wanted = images
        if !invocation.isOffline {
            let store = try Store.ofUser(host)
            for target in targets {
                let source = try project.source(target)
                if let fetch = try source?.pending(target, project.root, store, invocation, host) {
                    wanted.append(fetch)
                }
            }
        }
        try Fetch.run(wanted, host, console)
        for target in targets {
            guard let source = try project.source(target) else { throw TargetError.noImage(target) }
            _ = try Preparation(
                target: target,
                configuration: project.configuration,
                isOffline: invocation.isOffline,
                host: host,
                console: console
            ).rootfs(try source.rootfs(target, project.root, invocation, host, console))
        }
    }
}
