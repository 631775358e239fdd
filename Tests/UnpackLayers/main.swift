// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCILayer
import OCIStore
import SystemPackage

/// Unpacks layers and materialises their stack, for tests that kill a process or measure one.
///
/// Arguments: the store, then for each layer from the bottom up its media type, blob and diff ID. Without
/// layers, the store is pruned, and as it has no records, emptied.
func run(_ arguments: ArraySlice<String>) throws -> FilePath {
    let store = try Store(at: FilePath(arguments.first ?? ""))
    var rest = arguments.dropFirst()
    guard arguments.count > 1 else {
        _ = try store.prune()
        return store.path
    }
    let staged = try StagedLayers(in: store)
    var unpacked: Set<Digest> = []
    var diffIDs: [Digest] = []
    while rest.count >= 3 {
        let (mediaType, blob, diffID) = (rest.removeFirst(), rest.removeFirst(), rest.removeFirst())
        diffIDs.append(try Digest(diffID))
        let lock = try store.lock(.layer(try Digest(diffID))) { _ in }
        if !store.hasLayer(try Digest(diffID)), unpacked.insert(try Digest(diffID)).inserted {
            try unpack(
                FilePath(blob),
                mediaType: try LayerMediaType(mediaType),
                diffID: try Digest(diffID),
                into: staged
            ) { _ in }
        }
        _ = consume lock
    }
    return try store.materialise(diffIDs, publishing: staged).path
}

do {
    print(try run(CommandLine.arguments.dropFirst()))
} catch {
    print("error: \(error)")
    exit(1)
}
