// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Confinement
import Console
import DebianArchive
import Dockerfile
import Foundation
import Glibc
import OCIRegistry
import OCIStore
import RootfsRecipe
import SystemPackage

/// One run of the program, confined to what its command needs.
struct Session: Sendable {
    private enum Work: Sendable {
        case pull(Fetch.Image, HelperProcess?)
        case build(Fetch.Recipe, Result<RecipeRequest, RecipeError>, HelperProcess?)
        case add(Fetch.Add, Result<AddRequest, AddError>)
        case read(Fetch.Import)
        case write(Fetch.Export, Result<ExportRequest, ExportError>)
        case push(Fetch.Push, Result<ExportRequest, ExportError>, HelperProcess?)
        case find(Fetch.Mirrors)
        case help(Fetch.Helpers)
        case show(Fetch.Confinement, ConfinementReport)
        case say(String, status: Int32)
    }

    private let work: Work
    private let environment: [String: String]

    /// Prepares for a command, and confines the process.
    init(_ command: any ParsableCommand) {
        let environment = ProcessInfo.processInfo.environment
        self.environment = environment
        switch command {
        case let image as Fetch.Image:
            work = .pull(image, Self.confine(image.reference, image.manner, environment))
        case let recipe as Fetch.Recipe:
            let request = Self.request(RecipeRequest.self, RecipeError.request)
            work = .build(recipe, request, Self.confine(recipe, request, environment))
        case let add as Fetch.Add:
            let request = Self.request(AddRequest.self, AddError.request)
            let store = add.manner.store ?? Store.defaultPath(environment: environment)
            _ = Ground(store: store, environment: environment).own.enter()
            work = .add(add, request)
        case let file as Fetch.Import:
            let store = file.manner.store ?? Store.defaultPath(environment: environment)
            var ground = Ground(store: store, environment: environment)
            ground.add(file.path)
            _ = ground.own.enter()
            work = .read(file)
        case let export as Fetch.Export:
            let request = Self.request(ExportRequest.self) { ExportError.request($0.reason) }
            let store = export.manner.store ?? Store.defaultPath(environment: environment)
            var ground = Ground(store: store, environment: environment)
            ground.addLowerStores()
            ground.add(output: FilePath(export.path).removingLastComponent())
            _ = ground.own.enter()
            work = .write(export, request)
        case let push as Fetch.Push:
            let request = Self.request(ExportRequest.self) { ExportError.request($0.reason) }
            work = .push(push, request, Self.confine(push.reference, push.manner, environment))
        case let mirrors as Fetch.Mirrors:
            work = .find(mirrors)
        case let helpers as Fetch.Helpers:
            let ground = Ground(store: helpers.store, environment: environment)
            // What a credential helper reads, writes and talks to is for its maker to say.
            if helpers.forPackages { _ = ground.ofHelpers.enter() }
            work = .help(helpers)
        case let confinement as Fetch.Confinement:
            let store = confinement.store ?? Store.defaultPath(environment: environment)
            let facts = Ground(store: store, environment: environment).own.enter()
            work = .show(
                confinement,
                ConfinementReport(facts, store: store, environment: environment)
            )
        default:
            work = Self.word(CleanExit.helpRequest())
        }
    }

    /// A run that only says why it is none, or what was asked for.
    init(failed error: any Error) {
        environment = [:]
        work = Self.word(error)
    }

    private static func word(_ error: any Error) -> Work {
        .say(
            "\(Fetch.fullMessage(for: error))\n",
            status: Fetch.exitCode(for: error) == .success ? 0 : CrossFetch.failure
        )
    }

    /// Does what the command says, and returns the exit status.
    func run() async -> Int32 {
        switch work {
        case .pull(let options, let helper): return await pull(options, helper)
        case .build(let options, let request, let helper):
            return await build(options, request, helper)
        case .add(let options, let request): return await add(options, request)
        case .read(let options): return await read(options)
        case .write(let options, let request): return await export(options, request)
        case .push(let options, let request, let helper):
            return await push(options, request, helper)
        case .find(let options): return await find(options)
        case .help(let options):
            await HelperService(
                store: options.store,
                isForPackages: options.forPackages,
                environment: environment
            ).run()
            return 0
        case .show(let options, let report):
            return report.show(options.format)
        case .say(let text, let status):
            let bytes = Array(text.utf8)
            _ = unsafe write(status == 0 ? STDOUT_FILENO : STDERR_FILENO, bytes, bytes.count)
            return status
        }
    }

    private static func confine(
        _ reference: ImageReference,
        _ manner: Fetch.Manner,
        _ environment: [String: String]
    ) -> HelperProcess? {
        let store = manner.store ?? Store.defaultPath(environment: environment)
        var ground = Ground(store: store, environment: environment)
        ground.add(reference)
        ground.addLowerStores()
        let helper =
            RegistryFiles.nameHelpers(environment: environment)
            ? store.flatMap { HelperProcess(store: $0, forPackages: false) } : nil
        _ = ground.own.enter()
        return helper
    }

    private static func confine(
        _ recipe: Fetch.Recipe,
        _ request: Result<RecipeRequest, RecipeError>,
        _ environment: [String: String]
    ) -> HelperProcess? {
        let store = recipe.manner.store ?? Store.defaultPath(environment: environment)
        var ground = Ground(store: store, environment: environment)
        if case .success(let request) = request { ground.add(request.mirrors) }
        let helper = store.flatMap { HelperProcess(store: absolute($0), forPackages: true) }
        _ = ground.own.enter()
        return helper
    }

    /// The paths that are asked about are those of an opened store.
    private static func absolute(_ path: FilePath) -> FilePath {
        (try? Store(at: path))?.path ?? path
    }

    private static func request<Request: Decodable, Failure: Error>(
        _ type: Request.Type,
        _ failure: (RequestError) -> Failure
    ) -> Result<Request, Failure> {
        do throws(RequestError) {
            return .success(try StandardInput.read(type))
        } catch {
            return .failure(failure(error))
        }
    }

    private func pull(_ options: Fetch.Image, _ helper: HelperProcess?) async -> Int32 {
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

    private func build(
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

    private func read(_ options: Fetch.Import) async -> Int32 {
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

    private func export(
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

    private func push(
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

    private func add(
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

    private func find(_ options: Fetch.Mirrors) async -> Int32 {
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

    /// Does the work, and says why it was not done.
    private func finish<Failure: Error>(
        _ manner: Fetch.Manner,
        _ work: (Console, FilePath?) async throws(Failure) -> Void,
        explain: (Failure) -> Explanation
    ) async -> Int32 {
        let form =
            manner.progress ?? environment["CROSS_PROGRESS"].flatMap { ProgressForm(rawValue: $0) }
        let console = Console(
            verbosity: manner.quiet ? .quiet : manner.verbose ? .verbose : .normal,
            choice: manner.color,
            environment: environment,
            progress: form
        )
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
