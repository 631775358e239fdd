// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
public import SystemPackage

/// A root filesystem of one command's own, to be written to where no overlay can keep what it writes.
///
/// A copy, for the store's trees are never written to: what files share there is one inode. It goes away
/// with its owner, or with the next one's making where its owner was killed.
public struct WrittenTree: ~Copyable {
    /// The root of the tree.
    public let path: FilePath
    private let store: Store
    private let staging: Staging
    private var before: TreeSnapshot?

    /// Copies a root filesystem.
    ///
    /// - Parameters:
    ///   - diffIDs: its layers, from the bottom up.
    ///   - store: which has them all, and in which the copy lies.
    /// - Throws: `StoreError.missingLayer`, `.conflict`, `.damaged` or `.system`.
    public init(of diffIDs: [Digest], in store: Store) throws(StoreError) {
        try store.adopt(diffIDs)
        let tree = try MergedTree(diffIDs, in: store.layout)
        let staging = try Staging(in: store.layout)
        let root = try staging.directory.makeDirectory(StoreLayout.stagedTree)
        try RootfsBuilder(copying: store.layout).fill(root, from: tree.root)
        self.path = root.path
        self.store = store
        self.staging = staging
    }

    /// Remembers what is there: all that is changed from now on counts as written.
    ///
    /// - Throws: `StoreError.system`.
    public mutating func beginWriting() throws(StoreError) {
        before = try TreeSnapshot(of: root(), clock: staging.directory)
    }

    /// Makes a layer of what was written, as `Store.capture` does.
    ///
    /// - Returns: the key of the layer, the digest of all that it says.
    /// - Throws: `StoreError.notALayer` or `.system`; nothing of the layer is in the store then.
    public borrowing func capture() throws(StoreError) -> Digest {
        try UpperDirectory(writer: LayerWriter(in: store), before: before).capture(root())
    }

    private func root() throws(StoreError) -> OwnedDescriptor {
        try OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }
}
