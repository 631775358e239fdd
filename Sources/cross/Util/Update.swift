// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Console
import OCIStore
import RootfsRecipe

/// `cross-util update`: what a project's root filesystems consist of, as of today.
struct Update: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Looks for newer images and packages, shows what changes, and locks and fetches them."
    )

    @Argument(
        help: "Targets; without any, those in Cross.lock.",
        completion: .list(ManifestLibrary.triples)
    )
    var targets: [String] = []

    @Flag(name: [.customShort("n"), .long], help: "Only show what would change.")
    var dryRun = false

    @OptionGroup var engine: EngineOptions
    @OptionGroup var speech: SpeechOptions

    mutating func run() throws {
        let host = try Host.current()
        let console = speech.console(host)
        let project = try Project(try Invocation([]), host)
        let file = LockedFile(project.root)
        let names = targets.isEmpty ? try file.read().targets(Platform.host.description) : targets
        var refresh = LockRefresh(store: try Store.ofUser(host), host: host, console: console)
        var lock = try file.read()
        let before = lock
        for name in names {
            let target = try Target(name)
            guard let source = try project.source(target) else { throw TargetError.noImage(target) }
            try refresh.refresh(&lock, source, target)
        }
        if dryRun { return console.note("nothing was locked, as this is a dry run") }
        if lock != before {
            file.change("\(names.count) targets", isNews: true, console) { $0 = lock }
        }
        try refresh.fetch()
    }
}
