// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
public import SystemPackage

/// What a step of a build came to.
public struct StepRecord: Hashable, Sendable, Codable {
    /// The layers that it ended with, from the bottom up.
    public var layers: [Digest]
    /// Stands for the whole stack of layers, and names the root filesystem.
    public var chainID: Digest

    /// The record of a stack of layers.
    ///
    /// - Parameter layers: from the bottom up.
    /// - Throws: `StoreError.noLayers`.
    public init(layers: [Digest]) throws(StoreError) {
        guard let chainID = Digest.chainID(of: layers) else { throw .noLayers }
        self.layers = layers
        self.chainID = chainID
    }
}

extension Store {
    /// What a step came to.
    ///
    /// - Parameter key: the digest of everything that the step depends on.
    /// - Returns: the record; `nil` where the step was not done.
    /// - Throws: `StoreError.damaged` or `.system`.
    public func step(_ key: Digest) throws(StoreError) -> StepRecord? {
        let own: StepRecord? = try document(at: layout.step(key), isUse: !isReadOnly)
        if let own { return own }
        return try below { (store) throws(StoreError) in try store.step(key) }
    }

    /// Remembers what a step came to, in place of what was before.
    ///
    /// - Parameters:
    ///   - record: what to remember; its layers should be in the store.
    ///   - key: the digest of everything that the step depends on.
    /// - Throws: `StoreError.system`.
    public func record(_ record: StepRecord, asStep key: Digest) throws(StoreError) {
        try keep(record, at: layout.step(key))
    }

    /// The root filesystem that a step came to, made again where it is gone.
    ///
    /// - Parameter record: of the step.
    /// - Returns: a lease of the tree.
    /// - Throws: what `materialise` and `rootfs` throw.
    public func materialise(_ record: StepRecord) throws(StoreError) -> RootfsLease {
        if let lease = try rootfs(record.chainID) { return lease }
        return try materialise(record.layers)
    }

    /// Makes a layer of what a command wrote over a root filesystem.
    ///
    /// Recorded are files with their holes, directories, symbolic and hard links, named pipes, modes,
    /// times, attributes of the user's and file capabilities; not owners, which the store's files do
    /// not have, nor sockets, nor names that mean something else in a layer (`.wh.…`).
    ///
    /// - Parameter upper: the upper directory of an overlay that is mounted no more; modes in it are
    ///   changed.
    /// - Returns: the key of the layer, the digest of all that it says.
    /// - Throws: `StoreError.notALayer` or `.system`; nothing of the layer is in the store then.
    public func capture(_ upper: FilePath) throws(StoreError) -> Digest {
        try UpperDirectory(writer: LayerWriter(in: self))
            .capture(OwnedDescriptor(opening: upper, O_RDONLY | O_DIRECTORY | O_NOFOLLOW))
    }
}
