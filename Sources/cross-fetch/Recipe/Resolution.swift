// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import OCIStore
import RootfsRecipe
import SystemPackage

/// From a recipe's words to exact packages.
struct Resolution {
    private static let component = "main"

    /// A suite, and of what architectures its packages are wanted.
    private struct Wish: Hashable {
        let suite: Suite
        var architectures: [String]
    }

    /// What a suite has.
    private struct State: Sendable {
        let suite: Suite
        let release: ReleaseFile
        let indexes: [PackageIndex]
    }

    /// What updates and security fixes must be had of; a release itself always is, whole.
    enum Updates {
        /// All architectures.
        case ofAll
        /// The programs' own architecture: those of others are done without.
        case ofNative
        /// Those that cannot be had whole, or are not for all architectures, are done without.
        case optional
    }

    var updates = Updates.ofAll
    let recipe: Recipe
    /// What the programs run on, in Debian's word.
    let architecture: String
    let client: ArchiveClient
    let indexes: Indexes
    /// For what is needed while releases are verified.
    let scratch: FilePath

    /// Looks up what the recipe means today.
    func run() async throws(RecipeError) -> RecipeLock {
        let own = try wishes(recipe.suite, for: recipe.packages)
        var others: [[Wish]] = []
        for addition in recipe.additions {
            others.append(try wishes(addition.suite, for: addition.packages))
        }
        let states = try await states(of: own + others.joined())
        var packages = try closure(Self.states(states, of: own))
        for (addition, wishes) in zip(recipe.additions, others) {
            packages += try self.addition(addition, Self.states(states, of: wishes))
        }
        try indexes.prune()
        var listed: Set<Digest> = []
        return RecipeLock(
            recipe: recipe.digest,
            releases: states.map { state in
                RecipeLock.Release(
                    suite: state.suite.name,
                    archive: state.suite.archive,
                    date: state.release.date.seconds,
                    snapshots: state.release.snapshots
                )
            },
            packages: packages.map(\.locked).filter { listed.insert($0.digest).inserted }
        )
    }

    /// A release, its updates and security fixes.
    private func wishes(_ name: String, for packages: [String]) throws(RecipeError) -> [Wish] {
        let suites = try wording(RecipeError.sources) { () throws(AptSourcesError) in
            try Suite.suites(of: name)
        }
        return suites.map { Wish(suite: $0, architectures: [architecture] + foreign(packages)) }
    }

    private static func states(_ states: [State], of wishes: [Wish]) -> [State] {
        states.filter { state in wishes.contains { $0.suite == state.suite } }
    }

    /// The other architectures that packages are asked for, in the order of their mention.
    private func foreign(_ packages: [String]) -> [String] {
        var seen: Set = [architecture]
        return packages.flatMap(Recipe.alternatives).compactMap { PackageRequest($0)?.architecture }
            .filter { $0 != "all" && seen.insert($0).inserted }
    }

    private func closure(_ states: [State]) throws(RecipeError) -> [PackageRecord] {
        try wording(RecipeError.resolution) { () throws(ResolutionError) in
            let resolver = try Resolver(
                native: architecture,
                foreign: foreign(recipe.packages),
                indexes: states.flatMap(\.indexes)
            )
            return try resolver.closure(
                of: Recipe.always
                    + recipe.packages.map { resolver.choice(of: Recipe.alternatives(of: $0)) }
            )
        }
    }

    private func addition(
        _ addition: Recipe.Addition,
        _ states: [State]
    ) throws(RecipeError) -> [PackageRecord] {
        try wording(RecipeError.resolution) { () throws(ResolutionError) in
            let resolver = try Resolver(
                native: architecture,
                foreign: foreign(addition.packages),
                indexes: states.flatMap(\.indexes)
            )
            var records: [PackageRecord] = []
            for request in addition.packages { records.append(try resolver.package(request)) }
            return records
        }
    }

    /// All suites at once, each with its indexes; a suite that is named twice is looked at once.
    private func states(of wishes: [Wish]) async throws(RecipeError) -> [State] {
        var merged: [Wish] = []
        for wish in wishes {
            guard let place = merged.firstIndex(where: { $0.suite == wish.suite }) else {
                merged.append(wish)
                continue
            }
            let known = merged[place].architectures
            merged[place].architectures += wish.architectures.filter { !known.contains($0) }
        }
        return try await inParallel(merged) { (wish) async throws(RecipeError) -> State? in
            do throws(RecipeError) {
                return try await state(of: wish)
            } catch .archive(let error) {
                // A release that expired or is forged is what an attacker would want to be passed by.
                guard updates == .optional, error.isOfIndex, isUpdate(wish.suite) else {
                    throw .archive(error)
                }
                indexes.progress.warn(of: error, without: wish.suite)
                return nil
            }
        }.compactMap(\.self)
    }

    /// Whether a suite only has newer versions of what another one has.
    private func isUpdate(_ suite: Suite) -> Bool {
        !([recipe.suite] + recipe.additions.map(\.suite)).contains(suite.name)
    }

    private func state(of wish: Wish) async throws(RecipeError) -> State? {
        let release = try await waiting(RecipeError.archive) {
            () async throws(ArchiveClientError) in
            try await client.release(of: wish.suite, scratch: scratch)
        }
        // apt, too, passes by what a release does not have an architecture of.
        let own = wish.architectures.filter { release.architectures.contains($0) }
        if updates == .optional, isUpdate(wish.suite),
            let left = wish.architectures.first(where: { !own.contains($0) })
        {
            indexes.progress.warn(without: wish.suite, lacking: left)
            return nil
        }
        let architectures = own + (release.hasSeparateArchitectureAll ? ["all"] : [])
        let read = try await inParallel(architectures) {
            (architecture) async throws(RecipeError) -> PackageIndex? in
            try await index(of: wish.suite, architecture, in: release)
        }
        return State(suite: wish.suite, release: release, indexes: read.compactMap { $0 })
    }

    private func index(
        of suite: Suite,
        _ architecture: String,
        in release: ReleaseFile
    ) async throws(RecipeError) -> PackageIndex? {
        let forms = IndexFile.forms(Self.component, architecture, of: suite, in: release)
        do throws(RecipeError) {
            return try await indexes.read(forms)
        } catch .archive(let error) {
            guard updates == .ofNative, ![self.architecture, "all"].contains(architecture),
                error.isOfIndex, isUpdate(suite)
            else { throw .archive(error) }
            indexes.progress.warn(of: error, without: suite, for: architecture)
            return nil
        }
    }
}

/// Works on all elements at once; the results are in the elements' order.
///
/// - Throws: the first failure; the other work is cancelled.
private func inParallel<Element: Sendable, Value: Sendable, Failure: Error>(
    _ elements: [Element],
    _ work: @escaping @Sendable (Element) async throws(Failure) -> Value
) async throws(Failure) -> [Value] {
    let outcome = await withTaskGroup(of: (Int, Result<Value, Failure>).self) { group in
        for (place, element) in elements.enumerated() {
            group.addTask {
                do throws(Failure) {
                    return (place, .success(try await work(element)))
                } catch {
                    return (place, .failure(error))
                }
            }
        }
        var values: [(Int, Value)] = []
        for await (place, result) in group {
            switch result {
            case .success(let value): values.append((place, value))
            case .failure(let error):
                group.cancelAll()
                return Result<[(Int, Value)], Failure>.failure(error)
            }
        }
        return .success(values)
    }
    return try outcome.get().sorted { $0.0 < $1.0 }.map(\.1)
}
