// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import OCIStore

/// A root filesystem from an image: in the store, and if it is not there, from its registry.
struct ImageSource: Equatable {
    let reference: ImageReference
    let platform: Platform
    /// The target that has a recipe, too.
    var alternative: String?

    /// Finds the root filesystem, and has `cross-fetch` pull it where the store has none.
    ///
    /// What the project's lock says counts, then what the store has under the reference: a tag is
    /// resolved once, and stays.
    ///
    /// `locks` are the project's, `nil` outside of one.
    ///
    /// - Throws: `StoreError`, `CrossLockError`, or `FetchError` where it is not there and cannot be
    ///   had.
    func rootfs(
        _ store: Store,
        _ locks: LockedImages?,
        _ permission: Permission,
        _ host: Host,
        _ console: Console
    ) throws -> Rootfs {
        let locks = reference.digest == nil ? locks : nil
        let entry = try locks?.entry(self)
        let lock = entry?.lock
        if let record = try record(store, lock), let rootfs = try rootfs(record, store) {
            guard entry?.namesTarget != true, !record.isBuiltHere, let locks else { return rootfs }
            if permission.isLocked {
                guard lock != nil else { throw FetchError.imageNotLocked(reference) }
                return rootfs
            }
            locks.keep(lock ?? ImageLock(record), of: self, isNews: false, console)
            return rootfs
        }
        if permission.isLocked, lock == nil, locks != nil {
            throw FetchError.imageNotLocked(reference)
        }
        guard !permission.isOffline else {
            throw FetchError.imageOffline(reference, locked: lock?.manifest)
        }
        try Ladder(host, console).probe()
        // A tag that was resolved stays what it is, although its layers are gone.
        let known = try self.record(store, nil).flatMap { $0.isBuiltHere ? nil : ImageLock($0) }
        try fetch(lock ?? known, host, console)
        guard let record = try record(store, lock), let rootfs = try rootfs(record, store) else {
            throw FetchError.notStored("\(reference)")
        }
        if entry?.namesTarget != true, !permission.isLocked {
            locks?.keep(lock ?? ImageLock(record), of: self, isNews: true, console)
        }
        return rootfs
    }

    /// What has to be fetched of it; `nil` where the store has it all.
    func pending(_ store: Store, _ locks: LockedImages) throws -> Fetch? {
        let lock = reference.digest == nil ? try locks.lock(self) : nil
        if let record = try record(store, lock), try rootfs(record, store) != nil { return nil }
        return Fetch(.image(reference, platform, lock: lock, alternative: alternative))
    }

    /// Has `cross-fetch` pull it: what is locked, or where that is `nil` what the registry says.
    func fetch(_ lock: ImageLock?, _ host: Host, _ console: Console) throws {
        try Fetch(.image(reference, platform, lock: lock, alternative: alternative))
            .run(host, console)
    }

    /// Asks the registry what the reference stands for today.
    ///
    /// - Throws: `FetchError` where that cannot be found out.
    func resolved(_ host: Host, _ console: Console) throws -> ImageLock {
        try Fetch(.image(reference, platform, lock: nil, alternative: alternative))
            .resolve(as: ImageLock.self, host, console)
    }

    /// What the store remembers of it, of this very one where it is locked.
    func record(_ store: Store, _ lock: ImageLock?) throws(StoreError) -> ImageRecord? {
        let latest = try store.image(reference, platform: platform)
        guard let lock else { return latest }
        if let latest, lock.accepts(latest) { return latest }
        let pinned = try store.image(reference.pinned(to: lock.manifest), platform: platform)
        return pinned.flatMap { lock.accepts($0) ? $0 : nil }
    }

    private static func absolute(_ directory: String) -> String {
        directory.hasPrefix("/") ? directory : "/\(directory)"
    }

    private func rootfs(_ image: ImageRecord, _ store: Store) throws(StoreError) -> Rootfs? {
        guard let lease = try store.rootfs(image.chainID, of: image.diffIDs) else { return nil }
        return Rootfs(
            name: "the image \(reference)",
            layers: image.diffIDs,
            chainID: image.chainID,
            environment: Rootfs.variables(image.configuration.environment),
            entrypoint: image.configuration.entrypoint,
            workingDirectory: Self.absolute(image.configuration.workingDirectory),
            lease: lease
        )
    }
}

/// What a command line forbids to those who look for a root filesystem.
struct Permission: Equatable {
    /// The network may not be used.
    var isOffline = false
    /// What is not locked may not be found out.
    var isLocked = false

    /// Forbids nothing.
    init() {}

    /// Forbids what a command line does.
    init(_ invocation: Invocation) {
        isOffline = invocation.isOffline
        isLocked = invocation.isLocked
    }
}

extension ImageLock {
    /// Whether what was pulled is what was locked.
    fileprivate func accepts(_ record: ImageRecord) -> Bool {
        accepts(diffIDs: record.diffIDs, record.configuration)
    }
}
