// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

/// Layers laid over each other, in memory, as the root filesystem will be.
struct MergedTree {
    let root = TreeDirectory()

    /// Merges layers of a store.
    ///
    /// - Parameters:
    ///   - diffIDs: from the bottom up.
    ///   - layout: of the store.
    ///   - publication: layers that are not in the store yet.
    /// - Throws: `StoreError.missingLayer`, `.damaged`, `.conflict` or `.system`.
    init(
        _ diffIDs: [Digest],
        in layout: StoreLayout,
        and publication: LayerPublication? = nil
    ) throws(StoreError) {
        for diffID in diffIDs {
            let index = publication?.index(diffID) ?? layout.layer(diffID)
            let layer = try Self.read(diffID, from: index, above: root)
            Self.lay(layer.root, over: root)
        }
        // rename(2), EACCES: without its owner's permission the root could not be moved into place.
        root.metadata = root.metadata ?? .impliedDirectory
        root.metadata?.mode |= 0o700
    }

    private static func read(
        _ diffID: Digest,
        from path: FilePath,
        above lower: TreeDirectory
    ) throws(StoreError) -> LayerTree {
        var index = try open(diffID, at: path)
        let tree = LayerTree(above: lower)
        while let entry = try index.next() {
            do throws(LayerConflict) {
                try tree.add(entry)
            } catch {
                throw .conflict(error, layer: diffID, path: entry.path.bytes)
            }
        }
        return tree
    }

    private static func open(
        _ diffID: Digest,
        at path: FilePath
    ) throws(StoreError) -> LayerIndexReader {
        do throws(StoreError) {
            return try LayerIndexReader(opening: path)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            throw .missingLayer(diffID)
        }
    }

    /// Lays a layer's directory over the lower layers' one; no deeper than `TreeWalk` goes.
    private static func lay(_ upper: TreeDirectory, over lower: TreeDirectory) {
        if upper.isOpaque { lower.entries = [:] }
        for name in upper.removals { lower.entries[name] = nil }
        lower.metadata = upper.metadata ?? lower.metadata
        for (name, node) in upper.entries {
            guard case .directory(let directory) = node else {
                lower.entries[name] = node
                continue
            }
            lay(directory, over: lower.madeDirectory(name))
        }
    }
}
