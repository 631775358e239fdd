// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// Makes what was staged durable, and then moves it to its place.
///
/// All objects come before the first index, and the file systems in use keep the order of renames over
/// a power cut: an index that is there has all of its objects.
struct LayerPublication {
    private let layers: [StagedLayer]
    private let staged: StagedLayers
    /// Which layer's copy of an object counts, where several have staged it: the first.
    private let owners: [ObjectName: Int]

    init(_ layers: [StagedLayer], of staged: StagedLayers) {
        self.layers = layers
        self.staged = staged
        var owners: [ObjectName: Int] = [:]
        owners.reserveCapacity(layers.reduce(0) { $0 + $1.objects.count })
        for (number, layer) in layers.enumerated() {
            for object in layer.objects where owners[object] == nil { owners[object] = number }
        }
        self.owners = owners
    }

    /// Where an object is until it is published, relative to the staging directory; `nil` where the store
    /// has it.
    func path(of object: ObjectName) -> PathBytes? {
        owners[object].map { layers[$0].path(of: object) }
    }

    /// Where a layer's index is until it is published; `nil` where the layer is none of these.
    func index(_ diffID: Digest) -> FilePath? {
        layers.first { $0.key == diffID }.map { staged.staging.directory.path.appending($0.index) }
    }

    /// Makes durable what the file system has, whoever wrote it, and then objects and indexes visible.
    ///
    /// - Throws: `StoreError.system`.
    func run() throws(StoreError) {
        try staged.staging.directory.synchroniseFileSystem()
        let objects = try OwnedDescriptor(
            opening: staged.layout.directory(StoreLayout.objects),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        for number in layers.indices { try publishObjects(number, in: objects) }
        try publishFrames()
        let indexes = try OwnedDescriptor(
            opening: staged.layout.directory(StoreLayout.layers),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        for layer in layers {
            try staged.staging.directory.rename(
                layer.index,
                to: indexes,
                StoreLayout.layer(layer.key)
            )
        }
    }

    /// A frame without its layer is nothing; a layer whose frame is missing has no archive any more.
    private func publishFrames() throws(StoreError) {
        let framed = layers.filter(\.isFramed)
        guard !framed.isEmpty else { return }
        let frames = try OwnedDescriptor(opening: staged.layout.root, O_RDONLY | O_DIRECTORY)
            .openOrMakeDirectory(StoreLayout.frames)
        for layer in framed {
            let name = StoreLayout.frame(layer.key)
            try staged.staging.directory.rename(layer.frame, to: frames, name)
        }
    }

    private func publishObjects(
        _ number: Int,
        in objects: borrowing OwnedDescriptor
    ) throws(StoreError) {
        let layer = layers[number]
        var tried = layer.shards
        var moved = ObjectShards()
        for object in layer.objects {
            if !tried.contain(object) {
                tried.insert(object)
                if try move(StoreLayout.shard(object), of: layer, to: objects) {
                    moved.insert(object)
                }
            }
            guard !moved.contain(object), owners[object] == number else { continue }
            try move(object, of: layer, to: objects)
        }
    }

    /// Moves a whole directory of objects; false where the store has it by now.
    private func move(
        _ shard: PathBytes,
        of layer: StagedLayer,
        to objects: borrowing OwnedDescriptor
    ) throws(StoreError) -> Bool {
        do throws(StoreError) {
            let source = layer.objectDirectory.appending(shard)
            try staged.staging.directory.rename(source, to: objects, shard)
            return true
        } catch {
            guard error.errno == .directoryNotEmpty || error.errno == .fileExists else {
                throw error
            }
            return false
        }
    }

    private func move(
        _ object: ObjectName,
        of layer: StagedLayer,
        to objects: borrowing OwnedDescriptor
    ) throws(StoreError) {
        let source = layer.path(of: object)
        do throws(StoreError) {
            try staged.staging.directory.rename(source, to: objects, StoreLayout.object(object))
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            _ = try objects.openOrMakeDirectory(StoreLayout.shard(object))
            try staged.staging.directory.rename(source, to: objects, StoreLayout.object(object))
        }
    }
}
