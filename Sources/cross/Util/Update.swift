// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Console
import OCIStore

/// `cross-util update`: newer packages for the recipes of a project.
struct Update: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Looks for newer packages, builds with them, and writes them into Cross.lock."
    )

    @Argument(
        help: "Targets; without any, those in Cross.lock.",
        completion: .list(ManifestLibrary.triples)
    )
    var targets: [String] = []

    @OptionGroup var engine: EngineOptions
    @OptionGroup var speech: SpeechOptions

    mutating func run() throws {
        let host = try Host.current()
        let console = speech.console(host)
        let project = try Project(try Invocation([]), host)
        guard let path = Store.defaultPath(environment: host.environment) else {
            throw FetchError.noStore
        }
        let store = try Store(at: path)
        for name in targets.isEmpty ? try ProjectLock.targets(project.root) : targets {
            let source = try project.recipe(try Target(name))
            try source.update(store, ProjectLock(project.root, source, host), host, console)
        }
    }
}
