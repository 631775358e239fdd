// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// A directory of this process below `tmp`, where things are made before they are published.
///
/// Its descriptor is locked, so other processes can tell whether its maker lives: the kernel drops
/// the lock with the process, whatever ended it. It is removed when its owner is done with it.
struct Staging: ~Copyable {
    private let parent: OwnedDescriptor
    private let name: PathBytes
    let directory: OwnedDescriptor

    /// Makes a directory, after removing those that processes left which are gone.
    init(in layout: StoreLayout) throws(StoreError) {
        let parent = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.temporary),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        try Self.removeAbandoned(in: parent)
        let claim = try Self.makeDirectory(in: parent)
        self.name = claim.name
        self.directory = claim.directory
        self.parent = parent
    }

    /// A new directory that is locked.
    private struct Claim: ~Copyable {
        let name: PathBytes
        let directory: OwnedDescriptor
    }

    private static func makeDirectory(
        in parent: borrowing OwnedDescriptor
    ) throws(StoreError) -> Claim {
        var attempts = 0
        while true {
            attempts += 1
            let unique = String(UInt64.random(in: 0 ... .max), radix: 16)
            let name = PathBytes(spelled: "\(getpid())-\(unique)")
            do throws(StoreError) {
                let directory = try parent.makeDirectory(name)
                // Before it is locked, another process may take it for abandoned and remove it.
                if try directory.lock(LOCK_EX | LOCK_NB), try directory.status().st_nlink > 0 {
                    return Claim(name: name, directory: directory)
                }
            } catch {
                // It says the same of a `tmp` that somebody removed, where trying again is no use.
                guard error.errno == .noSuchFileOrDirectory, attempts < 100 else { throw error }
            }
        }
    }

    deinit {
        // What cannot be removed now, the next staging removes once this lock is gone.
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
