// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
public import OCIStore
public import SystemPackage

/// Writes layers of a store as one blob.
///
/// A layer whose archive's frame was kept becomes that archive again, with its diff ID. Others, and
/// several together, become an archive that says what their indexes say: the same one each time.
///
/// - Parameters:
///   - layers: from the bottom up.
///   - store: which has them.
///   - path: where the blob is written; replaced where there is a file.
///   - compression: how it is compressed.
/// - Returns: what the blob is.
/// - Throws: `LayerError.store`, also where a file's content is not what its layer says.
public func export(
    _ layers: [Digest],
    of store: Store,
    to path: FilePath,
    _ compression: LayerCompression
) throws(LayerError) -> LayerBlob {
    if layers.count == 1, let frame = store.frame(of: layers[0]),
        let blob = try? rebuilt(layers[0], frame, of: store, to: path, compression),
        blob.diffID == layers[0]
    {
        return blob
    }
    return try remade(layers, of: store, to: path, compression)
}

private func rebuilt(
    _ diffID: Digest,
    _ frame: FilePath,
    of store: Store,
    to path: FilePath,
    _ compression: LayerCompression
) throws(LayerError) -> LayerBlob {
    let blob = try BlobWriter(to: try emptied(path), compression)
    var reader = TarFrameReader(opening: frame)
    let layer = try storing { () throws(StoreError) in try StoredLayer(diffID, in: store) }
    try reader.write(layer, to: blob)
    return try blob.finish()
}

private func remade(
    _ layers: [Digest],
    of store: Store,
    to path: FilePath,
    _ compression: LayerCompression
) throws(LayerError) -> LayerBlob {
    let blob = try BlobWriter(to: try emptied(path), compression)
    let archive = try unsafe ArchiveWriter.tar { (bytes) throws(LayerError) in
        try unsafe blob.append(bytes)
    }
    let order = layers.count > 1 ? try MergeOrder(layers, in: store) : nil
    let contents = StoredContents(areHashed: true)
    var place = 0
    for layer in layers {
        var entries = try storing { () throws(StoreError) in try StoredLayer(layer, in: store) }
        while let entry = try storing({ () throws(StoreError) in try entries.next() }) {
            place += 1
            guard let entry = order.map({ $0.entry(entry, at: place) }) ?? entry else { continue }
            try archive.add(entry)
            guard case .file(let content) = entry.kind else { continue }
            try unsafe contents.read(content, of: entries) { (bytes) throws(LayerError) in
                try unsafe archive.append(bytes)
            }
        }
    }
    for link in order?.links ?? [] { try archive.add(link) }
    try archive.finish()
    return try blob.finish()
}

private func emptied(_ path: FilePath) throws(LayerError) -> OwnedDescriptor {
    try storing { () throws(StoreError) in
        try OwnedDescriptor(
            opening: path,
            O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW,
            mode: 0o600
        )
    }
}
