// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import OCIStore
import RootfsRecipe

/// Brings entries of a lock up to date, and says what changes.
struct LockRefresh {
    let store: Store
    let host: Host
    let console: Console
    /// What was locked, to be fetched.
    private var images: [(ImageSource, ImageLock)] = []
    private var recipes: [(RecipeSource, RecipeLock)] = []

    init(store: Store, host: Host, console: Console) {
        self.store = store
        self.host = host
        self.console = console
    }

    /// Finds out what a target's root filesystem consists of today.
    ///
    /// Of a Dockerfile, the images that it was built on before.
    ///
    /// - Throws: `FetchError` where that cannot be found out.
    mutating func refresh(
        _ lock: inout CrossLock,
        _ source: RootfsSource,
        _ target: Target
    ) throws {
        switch source {
        case .image(let image):
            try refresh(&lock, image, target)
            lock.keepOnly(image.reference, image.platform.description, of: target.triple)
        case .recipe(let recipe): try refresh(&lock, recipe, target)
        case .dockerfile(let dockerfile):
            for known in lock.images(of: target.triple, Platform.host.description) {
                let image = ImageSource(reference: known.reference, platform: .host)
                try refresh(&lock, image, target)
            }
            if case .recipe(let recipe) = dockerfile.base { try refresh(&lock, recipe, target) }
        }
    }

    /// Brings what was locked into the store, so that the next build needs no network for it.
    ///
    /// - Throws: `FetchError` where it cannot be had.
    func fetch() throws {
        for (image, lock) in images {
            let known = try image.record(store, lock)
            if try known.flatMap({ try store.rootfs($0.chainID) != nil }) != true {
                try image.fetch(lock, host, console)
            }
            // Outside of the project, too, the tag means what it means today.
            guard let record = try image.record(store, lock) else { continue }
            try store.move(image.reference, platform: image.platform, to: record)
        }
        for (recipe, lock) in recipes { try recipe.fetch(lock, host, console) }
    }

    private mutating func refresh(
        _ lock: inout CrossLock,
        _ image: ImageSource,
        _ target: Target
    ) throws {
        let (reference, platform) = (image.reference, image.platform.description)
        // A digest is its own lock, and what was built here has no registry to ask.
        guard reference.digest == nil else { return }
        if try store.image(reference, platform: image.platform)?.isBuiltHere == true { return }
        guard !images.contains(where: { $0.0.reference == reference }) else {
            return lock.set(images.last { $0.0.reference == reference }?.1, of: image, target)
        }
        let fresh = try image.resolved(host, console)
        let known = lock.image(reference, platform)?.lock
        LockChange(of: reference, from: known, to: fresh).show(console)
        lock.set(fresh, of: image, target)
        images.append((image, fresh))
    }

    private mutating func refresh(
        _ lock: inout CrossLock,
        _ recipe: RecipeSource,
        _ target: Target
    ) throws {
        let platform = recipe.recipe.platform.description
        let known = lock.lock(target.triple, platform)
        let fresh = try recipe.resolved(known, host, console)
        LockChange(of: target.triple, from: known, to: fresh).show(console)
        lock.set(.init(target: target.triple, platform: platform, lock: fresh))
        recipes.append((recipe, fresh))
    }
}

extension CrossLock {
    /// The targets that it is about, on one kind of host; sorted.
    func targets(_ platform: String) -> [String] {
        let recipes = entries.filter { $0.platform == platform }.map(\.target)
        let images = images.filter { $0.platform == platform }.flatMap(\.targets)
        return Set(recipes + images).sorted()
    }

    fileprivate mutating func set(_ lock: ImageLock?, of image: ImageSource, _ target: Target) {
        guard let lock else { return }
        set(lock, of: image.reference, image.platform.description, for: target.triple)
    }
}
