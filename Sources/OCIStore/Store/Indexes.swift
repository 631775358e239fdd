// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
package import SystemPackage

/// Package indexes, each named by its own digest, so that one that did not change is not fetched.
extension Store {
    /// An index that was kept.
    ///
    /// - Parameter digest: of the file as it was fetched.
    /// - Returns: its path, and its time of use is now; `nil` where there is none.
    package func index(_ digest: Digest) -> FilePath? {
        let path = layout.index(digest)
        // utimensat(2): without times, now.
        let status = unsafe path.withPlatformString { unsafe utimensat(AT_FDCWD, $0, nil, 0) }
        return status == 0 ? path : nil
    }

    /// Keeps a file that was downloaded and checked.
    ///
    /// - Parameter digest: of the file at `downloadPath(digest)`, which is no longer there then.
    /// - Returns: where it is now.
    /// - Throws: `StoreError.system`.
    package func keepIndex(_ digest: Digest) throws(StoreError) -> FilePath {
        let downloads = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.temporary).appending(StoreLayout.downloads),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        let indexes = try openIndexes()
        let name = StoreLayout.index(digest)
        // Unlike what is built, it can be fetched again: a power cut may leave it short, and then
        // its decoder finds that out.
        try downloads.rename(name, to: indexes, name)
        return layout.index(digest)
    }

    /// Forgets an index that turned out not to be what it was kept as.
    ///
    /// - Parameter digest: as it was kept.
    /// - Throws: `StoreError.system`.
    package func forgetIndex(_ digest: Digest) throws(StoreError) {
        do throws(StoreError) {
            try openIndexes().unlink(StoreLayout.index(digest))
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
        }
    }

    /// Removes the indexes that nobody has used for a while.
    ///
    /// - Parameter age: in seconds.
    /// - Throws: `StoreError.system`.
    package func pruneIndexes(unusedFor age: Int) throws(StoreError) {
        let indexes = try openIndexes()
        let now = time(nil)
        var listing = try DirectoryListing(of: indexes)
        while let entry = try listing.next() {
            do throws(StoreError) {
                let file = try OwnedDescriptor(
                    opening: entry.name,
                    in: indexes,
                    O_RDONLY | O_NOFOLLOW
                )
                guard try file.status().st_mtim.tv_sec < now - age else { continue }
                try indexes.unlink(entry.name)
            } catch {
                // Another process was faster.
                guard error.errno == .noSuchFileOrDirectory else { throw error }
            }
        }
    }

    private func openIndexes() throws(StoreError) -> OwnedDescriptor {
        try OwnedDescriptor(opening: layout.root, O_RDONLY | O_DIRECTORY)
            .openOrMakeDirectory(StoreLayout.indexes)
    }
}
