// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

extension OwnedDescriptor {
    /// Removes everything inside this directory, however deep and whatever the modes.
    ///
    /// Nothing here recurses or keeps a path: a directory's subdirectories are first moved up into
    /// this one under names of our own, then it is empty and can go. Interrupted at any moment, the
    /// next removal continues.
    ///
    /// - Throws: `StoreError.system`; some of it may be gone by then.
    package func removeContents() throws(StoreError) {
        var names = (0...).lazy.map { [start = UInt64.random(in: 0 ... .max)] in
            String(start &+ UInt64($0), radix: 16)
        }.makeIterator()
        var isEmpty = false
        while !isEmpty {
            isEmpty = true
            var listing = try DirectoryListing(of: self)
            while let entry = try listing.next() {
                isEmpty = false
                guard entry.isDirectory else {
                    try unlink(entry.name)
                    continue
                }
                try flatten(entry.name, names: &names)
                try removeDirectory(entry.name)
            }
        }
    }

    /// Empties a directory inside this one, moving its subdirectories up.
    private func flatten(
        _ name: PathBytes,
        names: inout some IteratorProtocol<String>
    ) throws(StoreError) {
        // rename(2), EACCES: a moved directory must be writable itself, as its `..` changes.
        try changeMode(name, to: 0o700)
        let directory = try openDirectory(name)
        var listing = try DirectoryListing(of: directory)
        while let entry = try listing.next() {
            guard entry.isDirectory else {
                try directory.unlink(entry.name)
                continue
            }
            try directory.changeMode(entry.name, to: 0o700)
            guard let fresh = names.next().flatMap({ PathBytes($0.utf8) }) else { continue }
            try directory.rename(entry.name, to: self, fresh)
        }
    }
}
