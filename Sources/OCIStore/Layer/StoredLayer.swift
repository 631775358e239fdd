// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
package import SystemPackage

/// A layer of a store, or of one of those below it, to be read entry by entry.
package struct StoredLayer: ~Copyable {
    private let objects: OwnedDescriptor
    private var reader: LayerIndexReader

    /// Opens a layer.
    ///
    /// - Throws: `StoreError.missingLayer` or `.system`.
    package init(_ diffID: Digest, in store: Store) throws(StoreError) {
        let layout = try store.holder(of: diffID).layout
        let objects = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.objects),
            O_RDONLY | O_DIRECTORY
        )
        let reader = try LayerIndexReader(opening: layout.layer(diffID))
        self.objects = objects
        self.reader = reader
    }

    /// The next entry, in the order of the archive; `nil` after the last.
    package mutating func next() throws(StoreError) -> LayerEntry? { try reader.next() }

    /// Opens the content of a file.
    package func open(_ content: FileContent) throws(StoreError) -> OwnedDescriptor {
        let name = StoreLayout.object(content.object)
        return try OwnedDescriptor(opening: name, in: objects, O_RDONLY | O_NOFOLLOW)
    }
}

extension Store {
    /// What a layer would be called if no archive held it: the digest of all that its index says.
    ///
    /// - Parameter diffID: of the layer.
    /// - Returns: the key; its own where no archive holds it.
    /// - Throws: `StoreError.missingLayer` or `.system`.
    package func contentKey(of diffID: Digest) throws(StoreError) -> Digest {
        let path = try holder(of: diffID).layout.layer(diffID)
        return try OwnedDescriptor(opening: path, O_RDONLY | O_NOFOLLOW).digest().0
    }

    /// The file that says how a layer's archive says what its index says, but for files' contents.
    ///
    /// - Parameter diffID: of the layer.
    /// - Returns: its path; `nil` where none was kept.
    package func frame(of diffID: Digest) -> FilePath? {
        ([self] + lower).map { $0.layout.frame(diffID) }.first { path in
            unsafe path.withPlatformString { unsafe access($0, R_OK) } == 0
        }
    }

    /// Gives a layer another name besides, which the caller has proven to be its own.
    ///
    /// - Parameters:
    ///   - diffID: of the layer.
    ///   - key: its other name.
    /// - Throws: `StoreError.system`.
    package func alias(_ diffID: Digest, as key: Digest) throws(StoreError) {
        guard !hasLayer(key) else { return }
        let layers = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.layers),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        do throws(StoreError) {
            try layers.link(StoreLayout.layer(diffID), of: layers, as: StoreLayout.layer(key))
        } catch {
            // Another process was faster.
            guard error.errno == .fileExists else { throw error }
        }
    }

    /// The first of the stores that has a layer.
    fileprivate func holder(of diffID: Digest) throws(StoreError) -> Store {
        guard let store = ([self] + lower).first(where: { $0.hasLayer(diffID) }) else {
            throw .missingLayer(diffID)
        }
        return store
    }
}
