// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
public import SystemPackage

/// What a step of a build came to.
public struct StepRecord: Hashable, Sendable, Codable {
    /// The layers that it ended with, from the bottom up.
    public var layers: [Digest]
    /// Stands for the whole stack of layers, and names the root filesystem.
    public var chainID: Digest
    /// The step, and how many of the layers were there before it; earlier versions wrote neither.
    public var origin: Origin?

    /// Where layers come from.
    public struct Origin: Hashable, Sendable, Codable {
        /// Stands for everything that the result depends on, but for the layers below.
        public var step: Digest
        /// How many layers lie below.
        public var below: Int

        /// The origin of the layers above so many.
        public init(step: Digest, below: Int) {
            self.step = step
            self.below = below
        }
    }

    /// The record of a stack of layers.
    ///
    /// - Parameters:
    ///   - layers: from the bottom up.
    ///   - origin: of the topmost ones, where a step has made them.
    /// - Throws: `StoreError.noLayers`.
    public init(layers: [Digest], origin: Origin? = nil) throws(StoreError) {
        guard let chainID = Digest.chainID(of: layers) else { throw .noLayers }
        self.layers = layers
        self.chainID = chainID
        self.origin = origin
    }

    /// Names the result of a step.
    ///
    /// - Parameters:
    ///   - step: stands for everything that the result depends on, but for what lies below.
    ///   - base: the chain ID of what lies below; `nil` for nothing.
    /// - Returns: the key of the result in the store.
    public static func key(of step: Digest, above base: Digest?) -> Digest {
        Digest.of(Array("step\n\(base?.description ?? "scratch")\n\(step)".utf8))
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

    /// The steps that led to a stack of layers, as far as they are in the store.
    ///
    /// - Parameter layers: from the bottom up.
    /// - Returns: them, the shortest stack first.
    /// - Throws: `StoreError.system`.
    public func steps(leadingTo layers: [Digest]) throws(StoreError) -> [StepRecord] {
        var found: [StepRecord] = []
        for path in try files(in: layout.directory(StoreLayout.steps)) {
            let record: StepRecord? = try? document(at: path)
            guard let record, record.origin != nil, layers.starts(with: record.layers) else {
                continue
            }
            found.append(record)
        }
        for store in lower { found += try store.steps(leadingTo: layers) }
        return found.sorted { $0.layers.count < $1.layers.count }
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
