// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

extension Store {
    /// Forgets what no build has used for a while; what only that needs stays until it is pruned.
    ///
    /// - Parameter age: in seconds. A record from the future, as after a clock was set back, is not
    ///   old.
    /// - Returns: what was forgotten.
    /// - Throws: `StoreError.system`.
    public func forget(unusedFor age: Int64) throws(StoreError) -> [StoredRecord] {
        let now = Int64(time(nil))
        let old = try records().filter { now - $0.lastUse > age }
        for record in old { try forget(record) }
        return old
    }

    /// Forgets every image, recipe and step, and removes package indexes; what is in use, and what
    /// only the forgotten needs, stays until the store is pruned.
    ///
    /// - Throws: `StoreError.system`.
    public func forgetAll() throws(StoreError) {
        for record in try records() { try forget(record) }
        try pruneIndexes(unusedFor: 0)
    }

    /// Removes blobs that nobody will unpack and the files of locks that nobody has.
    ///
    /// Nobody fills the store meanwhile: the caller has locked that.
    func removeLeftovers(_ pruned: inout Pruned) throws(StoreError) {
        let downloads = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.temporary).appending(StoreLayout.downloads),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        var blobs = try DirectoryListing(of: downloads)
        while let entry = try blobs.next() {
            pruned.size += Int64(try downloads.status(of: entry.name).st_size)
            try downloads.unlink(entry.name)
        }
        let locks = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.locks),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        var files = try DirectoryListing(of: locks)
        while let entry = try files.next() {
            guard layout.directory(StoreLayout.locks).appending(entry.name) != layout.filling
            else { continue }
            try removeLock(entry.name, in: locks)
        }
    }

    /// Removes a lock's file while having the lock, so that whoever waits for it notices.
    private func removeLock(
        _ name: PathBytes,
        in locks: borrowing OwnedDescriptor
    ) throws(StoreError) {
        do throws(StoreError) {
            let file = try OwnedDescriptor(opening: name, in: locks, O_RDONLY | O_NOFOLLOW)
            guard try file.lock(LOCK_EX | LOCK_NB) else { return }
            try locks.unlink(name)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
        }
    }
}
