// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Console
import DebianArchive
import Foundation
import Glibc
import OCIStore
import RootfsRecipe
import SystemPackage

/// The one program that talks to the network and reads archives of strangers.
///
/// SIGINT and SIGTERM keep their default action: nothing is ever half-published, and what was
/// downloaded is gone on with by the next run.
enum CrossFetch {
    /// The status of a failure of this program's own, as Docker has it.
    private static let failure: Int32 = 125

    /// Obeys the command line and returns the exit status.
    static func run(_ arguments: [String]) async -> Int32 {
        fillStandardDescriptors()
        // Half-fetched blobs are for the owner's next run, whatever the shell's mask.
        umask(0o077)
        // write(2): libcurl is told to leave signals alone, so a peer that hangs up would kill us.
        signal(SIGPIPE, SIG_IGN)
        do {
            let command = try Fetch.parseAsRoot(Array(arguments.dropFirst()))
            switch command {
            case let image as Fetch.Image: return await pull(image)
            case let recipe as Fetch.Recipe: return await build(recipe)
            case let file as Fetch.Import: return await read(file)
            case let mirrors as Fetch.Mirrors: return await find(mirrors)
            default: throw CleanExit.helpRequest()
            }
        } catch {
            let isRequested = Fetch.exitCode(for: error) == .success
            let text = Array("\(Fetch.fullMessage(for: error))\n".utf8)
            _ = unsafe write(isRequested ? STDOUT_FILENO : STDERR_FILENO, text, text.count)
            return isRequested ? 0 : failure
        }
    }

    private static func pull(_ options: Fetch.Image) async -> Int32 {
        await finish(options.manner) { (console, environment, store) async throws(PullError) in
            guard let store else { throw .noStore }
            let lock = options.locked ? try StandardInput.lock() : nil
            let pull = Pull(
                reference: options.reference,
                platform: options.platform,
                lock: lock,
                store: store,
                environment: environment,
                console: console
            )
            guard options.resolve else { return try await pull.run() }
            StandardOutput.write(try await pull.resolve())
        } explain: {
            Explanation(of: $0, recipe: options.orRecipe)
        }
    }

    private static func build(_ options: Fetch.Recipe) async -> Int32 {
        await finish(options.manner) { (console, environment, store) async throws(RecipeError) in
            guard let store else { throw .noStore }
            let build = RecipeBuild(
                request: try StandardInput.read(RecipeRequest.self),
                store: store,
                environment: environment,
                console: console
            )
            guard options.resolve else { return try await build.run() }
            StandardOutput.write(try await build.resolve())
        } explain: {
            Explanation(of: $0)
        }
    }

    private static func read(_ options: Fetch.Import) async -> Int32 {
        await finish(options.manner) { (console, _, store) async throws(ImportError) in
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

    private static func find(_ options: Fetch.Mirrors) async -> Int32 {
        await finish(options.manner) { (_, _, _) async throws(RecipeError) in
            let mirrors = try StandardInput.read(RecipeRequest.Mirrors.self)
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
    private static func finish<Failure: Error>(
        _ manner: Fetch.Manner,
        _ work: (Console, [String: String], FilePath?) async throws(Failure) -> Void,
        explain: (Failure) -> Explanation
    ) async -> Int32 {
        let environment = ProcessInfo.processInfo.environment
        let console = Console(
            verbosity: manner.quiet ? .quiet : manner.verbose ? .verbose : .normal,
            choice: manner.color,
            environment: environment
        )
        if manner.whileParentLives { followParent() }
        do throws(Failure) {
            let store = manner.store ?? Store.defaultPath(environment: environment)
            try await work(console, environment, store)
            return 0
        } catch {
            let explanation = explain(error)
            console.transient("")
            console.error(explanation.what, hint: explanation.hint)
            return failure
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

    /// A descriptor that is missing would become that of a file or socket, and be written to.
    private static func fillStandardDescriptors() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            _ = unsafe open("/dev/null", O_RDWR)
        }
    }
}
