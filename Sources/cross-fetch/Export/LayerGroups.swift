// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIStore

/// Which layers of a stack become one blob.
///
/// A layer that an archive or its content gives its name stays by itself. Others are packages, of
/// which a root filesystem has hundreds, and engines take 127: those that lie together become one,
/// up to a size at which several can be fetched at once.
struct LayerGroups {
    /// Bytes of files that are enough for a blob.
    private static let enough: Int64 = 256 << 20

    let groups: [[Digest]]

    /// Groups the layers of a stack, given from the bottom up.
    init(_ layers: [Digest], in store: Store, areApart: Bool) throws(StoreError) {
        guard !areApart else {
            groups = layers.map { [$0] }
            return
        }
        var groups: [[Digest]] = []
        var size = Self.enough
        for layer in layers {
            let files = try store.sizeOfFiles(in: layer)
            guard let files, store.frame(of: layer) == nil,
                try store.contentKey(of: layer) != layer
            else {
                groups.append([layer])
                size = Self.enough
                continue
            }
            if size >= Self.enough {
                groups.append([])
                size = 0
            }
            groups[groups.count - 1].append(layer)
            size += files
        }
        self.groups = groups
    }
}

extension Store {
    /// Bytes of a layer's files; `nil` where it takes something away from the layers below.
    fileprivate func sizeOfFiles(in diffID: Digest) throws(StoreError) -> Int64? {
        var layer = try StoredLayer(diffID, in: self)
        var size: Int64 = 0
        while let entry = try layer.next() {
            switch entry.kind {
            case .file(let content): size += content.size
            case .whiteout, .opaque: return nil
            default: continue
            }
        }
        return size
    }
}
