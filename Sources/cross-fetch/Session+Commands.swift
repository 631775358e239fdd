// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import DebianArchive
import Dockerfile
import Foundation
import Glibc
import OCIRegistry
import OCIStore
import RootfsRecipe
import SystemPackage

extension Session {
    func pull(_ options: Fetch.Image, _ helper: HelperProcess?) async -> Int32 {
        await finish(options.manner) { (console, store) async throws(PullError) in
            guard let store else { throw .noStore }
            let pull = Pull(
                reference: options.reference,
                platform: options.platform,
                lock: options.locked ? try StandardInput.lock() : nil,
                store: store,
                environment: environment,
                console: console,
                helper: helper
            )
            guard options.resolve else { return try await pull.run() }
            StandardOutput.write(try await pull.resolve())
        } explain: {
            Explanation(of: $0, recipe: options.orRecipe)
        }
    }

    func build(
        _ options: Fetch.Recipe,
        _ request: Result<RecipeRequest, RecipeError>,
        _ helper: HelperProcess?
    ) async -> Int32 {
        await finish(options.manner) { (console, store) async throws(RecipeError) in
            guard let store else { throw .noStore }
            let build = RecipeBuild(
                request: try request.get(),
                store: store,
                environment: environment,
                console: console,
                helper: helper
            )
            guard options.resolve else { return try await build.run() }
            StandardOutput.write(try await build.resolve())
        } explain: {
            Explanation(of: $0)
        }
    }

    func read(_ options: Fetch.Import) async -> Int32 {
        await finish(options.manner) { (console, store) async throws(ImportError) in
            guard let store else { throw .noStore }
            try Import(
                source: options.path,
                platform: options.platform,
                name: options.name,
                store: store,
                console: console
            ).run()
        } explain: {
            Explanation(of: $0)
        }
    }

    func export(
        _ options: Fetch.Export,
        _ request: Result<ExportRequest, ExportError>
    ) async -> Int32 {
        await finish(options.manner) { (console, path) async throws(ExportError) in
            guard let path else { throw .noStore }
            let request = try request.get()
            let store = try Export.opened(path, environment)
            let output = FilePath(options.path)
            let destination: any ImageDestination =
                options.path.hasSuffix("/")
                ? try LayoutDirectory(output) : try LayoutArchive(output, store)
            try await Export(
                request: request,
                compression: options.compression,
                verb: .packed,
                store: store,
                console: console
            ).run(to: destination)
        } explain: {
            Explanation(of: $0)
        }
    }

    func push(
        _ options: Fetch.Push,
        _ request: Result<ExportRequest, ExportError>,
        _ helper: HelperProcess?
    ) async -> Int32 {
        await finish(options.manner) { (console, path) async throws(ExportError) in
            guard let path else { throw .noStore }
            let request = try request.get()
            let settings = try wording(ExportError.setting) { () throws(PullError) in
                try PullSettings(environment: environment)
            }
            let configuration = RegistryClient.Configuration(
                environment: environment,
                settings,
                helper,
                Progress(console)
            )
            let client = try wording(ExportError.registry) { () throws(RegistryError) in
                try RegistryClient(pushing: options.reference, configuration: configuration)
            }
            let store = try Export.opened(path, environment)
            try await Export(
                request: request,
                compression: options.compression,
                verb: .pushed,
                store: store,
                console: console
            ).run(to: try RegistryDestination(client, store))
        } explain: {
            Explanation(of: $0)
        }
    }

    func add(
        _ options: Fetch.Add,
        _ request: Result<AddRequest, AddError>
    ) async -> Int32 {
        await finish(options.manner) { (console, store) async throws(AddError) in
            guard let store else { throw .noStore }
            try await Addition(
                request: try request.get(),
                store: store,
                environment: environment,
                console: console
            ).run()
        } explain: {
            Explanation(of: $0, at: try? request.get().place)
        }
    }

    func find(_ options: Fetch.Mirrors) async -> Int32 {
        await finish(options.manner) { (_, _) async throws(RecipeError) in
            let mirrors = try wording(RecipeError.request) { () throws(RequestError) in
                try StandardInput.read(RecipeRequest.Mirrors.self)
            }
            let locations = try wording(RecipeError.sources) { () throws(AptSourcesError) in
                try ArchiveLocations(mirrors: mirrors)
            }
            let addresses = Archive.allCases.map { archive in
                (archive.rawValue, locations[archive].bases.map(\.description))
            }
            StandardOutput.write(Dictionary(uniqueKeysWithValues: addresses))
        } explain: {
            Explanation(of: $0)
        }
    }

    /// Says only why nothing can be done.
    func stop(_ manner: Fetch.Manner, _ failure: StartError) async -> Int32 {
        await finish(manner) { (_, _) async throws(StartError) in
            throw failure
        } explain: {
            Explanation(of: $0)
        }
    }

    /// Does the work, and says why it was not done.
    private func finish<Failure: Error>(
        _ manner: Fetch.Manner,
        _ work: (Console, FilePath?) async throws(Failure) -> Void,
        explain: (Failure) -> Explanation
    ) async -> Int32 {
        let named = environment["CROSS_PROGRESS"] ?? ""
        let form = manner.progress ?? ProgressForm(rawValue: named)
        let console = Console(
            verbosity: manner.quiet ? .quiet : manner.verbose ? .verbose : .normal,
            choice: manner.color,
            environment: environment,
            progress: form
        )
        if form == nil, !named.isEmpty {
            let forms = ProgressForm.allCases.map(\.rawValue).joined(separator: ", ")
            console.warning(
                "CROSS_PROGRESS is `\(named)` and may be one of \(forms): it is ignored"
            )
        }
        if manner.whileParentLives { Self.followParent() }
        do throws(Failure) {
            try await work(console, manner.store ?? Store.defaultPath(environment: environment))
            return 0
        } catch {
            let explanation = explain(error)
            console.error(explanation.what, hint: explanation.hint)
            return CrossFetch.failure
        }
    }

    /// Ends this process soon after its parent's end.
    ///
    /// prctl(2), PR_SET_PDEATHSIG: would tell of the end of the thread that started us.
    private static func followParent() {
        let parent = getppid()
        Thread.detachNewThread {
            while getppid() == parent { usleep(200_000) }
            kill(getpid(), SIGTERM)
        }
    }
}
