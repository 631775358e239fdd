// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Console
import OCIStore
import RootfsRecipe
import SystemPackage

/// `cross-util export`: images into files, for engines and for machines without a network.
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Writes images as an OCI archive or layout, which engines load and cross-util imports.",
        discussion: """
            With --bundle, everything that the project's targets need: images, what came of recipes, of \
            pre-build and of Dockerfiles.
            """
    )

    @Argument(help: "Images in the store.")
    var references: [String] = []

    @Option(
        help: "A target of the project, as it is prepared; may be repeated.",
        completion: .list(ManifestLibrary.triples)
    )
    var target: [String] = []

    @Flag(help: "All for another checkout; without targets, for those in Cross.lock.")
    var bundle = false

    @Option(
        name: .shortAndLong,
        help: "Where to: a file for an archive, or with a slash at its end a directory.",
        completion: .file()
    )
    var output: String

    @Option(name: .customLong("as"), help: "What a single target's image is called.")
    var name: String?

    @Option(help: "How layers are compressed: gzip, zstd or none.")
    var compression: Compression?

    @OptionGroup var speech: SpeechOptions

    mutating func validate() throws {
        guard bundle || !references.isEmpty || !target.isEmpty else {
            throw ValidationError("Name at least one image or target, or say --bundle.")
        }
        guard name == nil || (target.count == 1 && !bundle) else {
            throw ValidationError("--as names the image of a single target.")
        }
        guard !bundle || references.isEmpty else {
            throw ValidationError("--bundle takes targets, not images.")
        }
    }

    mutating func run() throws {
        let host = try Host.current()
        let console = speech.console(host)
        let selection = ExportSelection(
            store: try Store.ofUser(host),
            host: host,
            console: console
        )
        let images =
            bundle
            ? try bundled(selection, host)
            : try references.map { try selection.image(try ImageName.parse($0)) }
                + prepared(selection, host)
        let path = host.absolute(FilePath(output)).string + (output.hasSuffix("/") ? "/" : "")
        // Only this program reads a bundle; engines of any age read the rest.
        let compression = compression ?? (bundle ? .zstd : .gzip)
        try Fetch(
            .export(
                ExportRequest(images: images, keepsPackagesApart: bundle),
                to: path,
                compression: compression.rawValue
            )
        ).run(host, console)
        console.status("Exported", "\(path)")
    }

    private func prepared(
        _ selection: ExportSelection,
        _ host: Host
    ) throws -> [ExportRequest.Image] {
        guard !target.isEmpty else { return [] }
        let project = try Project(try Invocation([]), host)
        return try target.map { triple in
            let name = try ImageName.parse(name ?? "localhost/cross/\(triple)")
            return try selection.prepared(try Target(triple), project, as: name)
        }
    }

    private func bundled(
        _ selection: ExportSelection,
        _ host: Host
    ) throws -> [ExportRequest.Image] {
        let project = try Project(try Invocation([]), host)
        let known = try LockedFile(project.root).read().targets(Platform.host.description)
        let targets = target.isEmpty ? known : target
        guard !targets.isEmpty else {
            throw ValidationError("Cross.lock has no targets; name them with --target.")
        }
        return try selection.bundle(try targets.map { try Target($0) }, project)
    }
}

/// How layers are compressed.
enum Compression: String, ExpressibleByArgument, CaseIterable {
    case gzip
    case zstd
    case none
}
