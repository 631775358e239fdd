// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCILayer
import OCIStore
import SystemPackage

/// Unpacks layers and materialises their stack, for tests that kill a process or measure one.
///
/// Arguments: the store, then for each layer from the bottom up its media type, blob and diff ID.
func run(_ arguments: ArraySlice<String>) throws -> FilePath {
    let store = try Store(at: FilePath(arguments.first ?? ""))
    var rest = arguments.dropFirst()
    var diffIDs: [Digest] = []
    while rest.count >= 3 {
        let (mediaType, blob, diffID) = (rest.removeFirst(), rest.removeFirst(), rest.removeFirst())
        diffIDs.append(try Digest(diffID))
        let lock = try store.lock(.layer(try Digest(diffID))) { _ in }
        if !store.hasLayer(try Digest(diffID)) {
            try unpack(
                FilePath(blob),
                mediaType: try LayerMediaType(mediaType),
                diffID: try Digest(diffID),
                into: store
            ) { _ in }
        }
        _ = consume lock
    }
    return try store.materialise(diffIDs).path
}

do {
    print(try run(CommandLine.arguments.dropFirst()))
} catch {
    print("error: \(error)")
    exit(1)
}
