// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Console
import Dockerfile
import OCIStore
import SystemPackage

/// `cross-util build`: an image from a Dockerfile, into the store under a name.
struct Build: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Builds an image from a Dockerfile, for `image` in Cross.toml to name."
    )

    @Option(name: [.customShort("t"), .long], help: "What the image is called in the store.")
    var tag: String

    @Option(name: .shortAndLong, help: "The Dockerfile; CONTEXT/Dockerfile unless named.")
    var file: String?

    @Option(help: "NAME=VALUE for an ARG, or NAME alone for the caller's own; may be repeated.")
    var buildArg: [String] = []

    @Option(help: "The stage to build; the last unless named.")
    var target: String?

    @Option(
        help: "id=NAME,src=PATH or id=NAME,env=VARIABLE for --mount=type=secret; may be repeated."
    )
    var secret: [String] = []

    @Argument(help: "The directory that COPY takes files of.")
    var context: String

    @OptionGroup var speech: SpeechOptions

    mutating func run() throws {
        let host = try Host.current()
        let console = speech.console(host)
        let store = try Store.ofUser(host)
        let name = try ImageName.parse(tag)
        let context = host.absolute(FilePath(context))
        let steps = StepRunner(
            store: store,
            host: host,
            console: console,
            isOffline: false,
            mounts: [],
            mirrors: nil,
            allowsSocketcall: false
        )
        let images = BaseImages(store: store, locks: nil, Permission(), host, console)
        let image = try ImageBuild(
            file: file.map { host.absolute(FilePath($0)) } ?? context.appending("Dockerfile"),
            context: context,
            target: target,
            arguments: BuildArguments(arguments(host)),
            secrets: try secrets(host),
            steps: steps,
            add: { try Fetch(.add($0)).run(host, console) },
            find: images.find
        ).image()
        guard image.record != nil else { throw BuildError.emptyImage(context) }
        try store.keep(image, as: name, platform: .host)
        console.status("Built", "\(name)")
    }

    private func arguments(_ host: Host) -> [String: String] {
        var values: [String: String] = [:]
        for argument in buildArg {
            let parts = argument.split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = String(parts[0])
            values[name] = parts.count == 2 ? String(parts[1]) : host.environment[name]
        }
        return values
    }

    private func secrets(_ host: Host) throws -> [String: [UInt8]] {
        var secrets: [String: [UInt8]] = [:]
        for text in secret {
            var fields: [String: String] = [:]
            for field in text.split(separator: ",") {
                let parts = field.split(separator: "=", maxSplits: 1).map(String.init)
                if parts.count == 2 { fields[parts[0]] = parts[1] }
            }
            guard let id = fields["id"] else {
                throw ValidationError("--secret \(text): there is no id=NAME.")
            }
            if let path = fields["src"] ?? fields["source"] {
                let path = host.absolute(FilePath(path))
                guard let bytes = try TextFile.bytes(path, limit: 1 << 20) else {
                    throw ValidationError("--secret \(text): there is no such file.")
                }
                secrets[id] = bytes
            } else {
                secrets[id] = host.environment[fields["env"] ?? id].map { Array($0.utf8) }
            }
        }
        return secrets
    }
}
