// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Console
import OCIStore

/// `cross-util update`: newer packages for the recipes of a project.
struct Update: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Looks for newer packages, builds with them, and writes them into Cross.lock."
    )

    @Argument(help: "Targets; without any, those in Cross.lock.")
    var targets: [String] = []

    @OptionGroup var speech: SpeechOptions

    mutating func run() throws {
        let host = try Host.current()
        let console = speech.console(host)
        let root = try WorkspaceRoot.find(try Invocation([]), host)
        let configuration = try Configuration.load(root, host)
        guard let path = Store.defaultPath(environment: host.environment) else {
            throw FetchError.noStore
        }
        let store = try Store(at: path)
        let library = ManifestLibrary(directory: configuration.manifests(host))
        let locked = targets.isEmpty ? try ProjectLock.targets(root) : targets
        for name in locked {
            let target = try Target(name)
            let manifest = try RootfsManifest.find(target, in: library)
            guard let debian = manifest?.debian else {
                throw TargetError.noRecipe(target, manifest?.unavailable)
            }
            let source = RecipeSource(target, debian, manifest, configuration)
            try source.update(store, ProjectLock(root, source, host), host, console)
        }
    }
}
