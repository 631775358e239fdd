// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import OCIStore
import RootfsRecipe

/// A root filesystem from Debian packages.
struct RecipeSource: Equatable {
    let target: Target
    let recipe: Recipe
    /// What a build sees in it.
    let environment: [String: String]
    /// The command in front of programs for the target, where it is not just the emulator.
    let runner: String?
    /// The crates of the standard library that no package has compiled for the target.
    let buildStd: [String]?
    let mirrors: RecipeRequest.Mirrors
    /// Whether programs are to run on an emulated machine and no kernel for it is packaged.
    private let lacksMachine: Bool

    /// The recipe of a manifest, with what the user adds to it.
    ///
    /// - Throws: `ConfigurationError.invalidCredential`.
    init(
        _ target: Target,
        _ debian: DebianManifest,
        _ manifest: RootfsManifest?,
        _ configuration: Configuration
    ) throws(ConfigurationError) {
        self.target = target
        let wantsMachine = configuration.runner(target) == Runner.Choice.qemuSystem.rawValue
        let machine = wantsMachine ? manifest?.emulator.machine : nil
        lacksMachine = wantsMachine && machine == nil
        recipe = try debian.recipe(
            platform: .host,
            suite: configuration.suite(target),
            packages: configuration.packages(target)
                + configuration.credentials.flatMap(\.packages),
            machine: machine
        )
        environment = manifest?.environment ?? [:]
        runner = manifest?.emulator.runner
        buildStd = debian.buildStd
        mirrors = configuration.mirrors
    }

    /// Finds the root filesystem, or has `cross-fetch` make it.
    ///
    /// What the project's lock says counts, then what the store resolved the recipe to before.
    ///
    /// - Throws: `StoreError`, or `FetchError` where it is not there and cannot be had; before anything
    ///   is fetched `TargetError.noMachine`, where programs will be run and cannot.
    func rootfs(
        _ store: Store,
        _ lock: ProjectLock,
        _ invocation: Invocation,
        _ host: Host,
        _ console: Console
    ) throws -> Rootfs {
        guard !lacksMachine || !invocation.runsTargetPrograms else {
            throw TargetError.noMachine(target)
        }
        let locked = try lock.digest()
        if invocation.isLocked, locked == nil { throw FetchError.notLocked(target) }
        if let record = try store.record(ofLock: locked, or: recipe),
            let lease = try store.rootfs(record.chainID, of: record.layers)
        {
            if locked == nil { lock.keep(record.lock, isNews: false, console) }
            return rootfs(record, lease)
        }
        guard !invocation.isOffline else { throw FetchError.recipeOffline(target) }
        let request = RecipeRequest(
            recipe: recipe,
            lock: try lock.content(),
            isLocked: invocation.isLocked,
            mirrors: mirrors
        )
        try Ladder(host, console).probe()
        try Fetch(.recipe(request)).run(host, console)
        guard let record = try store.record(or: recipe),
            let lease = try store.rootfs(record.chainID, of: record.layers)
        else { throw FetchError.notStored(name) }
        lock.keep(record.lock, isNews: true, console)
        return rootfs(record, lease)
    }

    /// What has to be fetched of it; `nil` where the store has it all.
    func pending(_ store: Store, _ lock: ProjectLock, isLocked: Bool) throws -> Fetch? {
        if let record = try store.record(ofLock: try lock.digest(), or: recipe),
            try store.rootfs(record.chainID) != nil
        {
            return nil
        }
        let request = RecipeRequest(
            recipe: recipe,
            lock: try lock.content(),
            isLocked: isLocked,
            mirrors: mirrors
        )
        return Fetch(.recipe(request))
    }

    /// What the recipe means today, whatever was locked; nothing of it is fetched.
    ///
    /// What was locked counts where the archives cannot be used.
    ///
    /// - Throws: `FetchError` where that cannot be found out.
    func resolved(_ locked: RecipeLock?, _ host: Host, _ console: Console) throws -> RecipeLock {
        let request = RecipeRequest(
            recipe: recipe,
            lock: locked,
            isUpdate: true,
            mirrors: mirrors
        )
        return try Fetch(.recipe(request)).resolve(as: RecipeLock.self, host, console)
    }

    /// Brings what the recipe is locked to into the store.
    ///
    /// - Throws: `FetchError` where it cannot be had.
    func fetch(_ lock: RecipeLock, _ host: Host, _ console: Console) throws {
        let request = RecipeRequest(recipe: recipe, lock: lock, isLocked: true, mirrors: mirrors)
        try Fetch(.recipe(request)).run(host, console)
    }

    private var name: String { "Debian \(recipe.suite) for \(target.triple)" }

    private func rootfs(_ record: RecipeRecord, _ lease: consuming RootfsLease) -> Rootfs {
        Rootfs(
            name: name,
            layers: record.layers,
            chainID: record.chainID,
            environment: environment,
            runner: runner,
            buildStd: buildStd,
            mirrors: PackageMirrors(configured: mirrors),
            lease: lease
        )
    }
}

extension Configuration {
    /// Where packages are; empty where the machine's apt is to say it.
    fileprivate var mirrors: RecipeRequest.Mirrors {
        var bases: [String: [String]] = [:]
        for (archive, key) in [(Archive.debian, MirrorKey.mirror), (.security, .securityMirror)] {
            let addresses = mirror(key)?.split(whereSeparator: \.isWhitespace).map(String.init)
            if let addresses { bases[archive.rawValue] = addresses }
        }
        return RecipeRequest.Mirrors(
            bases: bases,
            keyring: mirror(.keyring),
            snapshots: mirror(.snapshots)
        )
    }
}
