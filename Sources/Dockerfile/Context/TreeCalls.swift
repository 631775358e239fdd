// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore

/// Calls for reading a tree that somebody else has filled; none follows a symbolic link.
extension OwnedDescriptor {
    /// The target of a symbolic link inside this directory, however long.
    func target(of name: PathBytes) throws(StoreError) -> PathBytes {
        try target(of: name, size: Int(PATH_MAX))
    }

    /// The names in this directory, sorted by their bytes.
    func names() throws(StoreError) -> [PathBytes] {
        var listing = try DirectoryListing(of: self)
        var names: [PathBytes] = []
        while let entry = try listing.next() { names.append(entry.name) }
        return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }
}
