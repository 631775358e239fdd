// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// A directory of this process below `tmp`, where things are made before they are published.
///
/// Its descriptor is locked, so other processes can tell whether its maker lives: the kernel drops
/// the lock with the process, whatever ended it. It is removed when its owner is done with it.
package struct Staging: ~Copyable, Sendable {
    private let parent: OwnedDescriptor
    private let name: PathBytes
    /// The directory itself, empty at first.
    package let directory: OwnedDescriptor

    /// Makes a directory, after removing those that processes left which are gone.
    ///
    /// One maker at a time: to another, a directory that is not locked yet would look abandoned.
    init(in layout: StoreLayout) throws(StoreError) {
        let parent = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.temporary),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        _ = try parent.lock(LOCK_EX)
        try Self.removeAbandoned(in: parent)
        let name = Self.freshName()
        let directory = try parent.makeDirectory(name)
        _ = try directory.lock(LOCK_EX | LOCK_NB)
        _ = try parent.lock(LOCK_UN)
        self.parent = parent
        self.name = name
        self.directory = directory
    }

    /// Makes a directory in a store's file system for what is not the store's yet.
    ///
    /// - Parameter store: where.
    /// - Throws: `StoreError.system`.
    package init(in store: Store) throws(StoreError) {
        try self.init(in: store.layout)
    }

    private static func freshName() -> PathBytes {
        PathBytes(spelled: "\(getpid())-\(String(UInt64.random(in: 0 ... .max), radix: 16))")
    }

    deinit {
        remove()
    }

    /// Removes it before its owner goes: a process may end while a thread of it still is that owner.
    ///
    /// What cannot be removed now, the next staging removes once this lock is gone.
    func remove() {
        guard (try? directory.removeContents()) != nil else { return }
        try? parent.removeDirectory(name)
    }

    /// Removes what processes left in `tmp` that no longer live.
    private static func removeAbandoned(in parent: borrowing OwnedDescriptor) throws(StoreError) {
        var listing = try DirectoryListing(of: parent)
        while let entry = try listing.next() {
            guard entry.isDirectory, entry.name != StoreLayout.downloads else { continue }
            do throws(StoreError) {
                // Its maker may have died before it was enterable; see `makeDirectory`.
                try parent.changeMode(entry.name, to: 0o700)
                let directory = try parent.openDirectory(entry.name)
                guard try directory.lock(LOCK_EX | LOCK_NB) else { continue }
                try directory.removeContents()
                try parent.removeDirectory(entry.name)
            } catch {
                // Its owner finished in the meantime.
                guard error.errno == .noSuchFileOrDirectory else { throw error }
            }
        }
    }
}
