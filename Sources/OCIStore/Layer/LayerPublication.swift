// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage
import Trace

/// Makes what was staged durable, and then moves it to its place.
///
/// All objects come before the first index, and the file systems in use keep the order of renames over
/// a power cut: an index that is there has all of its objects.
struct LayerPublication {
    private let layers: [StagedLayer]
    private let staged: StagedLayers
    /// Where each object is until then; of an object that several layers have staged, one counts.
    private let places: [ObjectName: Place]

    /// By the number of the layer.
    private enum Place {
        /// Where it is made first.
        case staging(Int)
        case copy(Int)
    }

    /// Places for objects that can be moved as they are, each once.
    private let wholeStagings: [ObjectStaging]

    /// A publication that does nothing yet.
    ///
    /// - Parameters:
    ///   - layers: which are finished.
    ///   - staged: where they are staged.
    ///   - isWhole: whether all that has objects there is finished, and nothing will be added.
    init(
        _ layers: [StagedLayer],
        of staged: StagedLayers,
        isWhole: (ObjectStaging) -> Bool
    ) {
        self.layers = layers
        self.staged = staged
        var stagings: [PathBytes: ObjectStaging] = [:]
        for staging in layers.map(\.staged.staging) { stagings[staging.place] = staging }
        wholeStagings = stagings.values.filter(isWhole)
        var places: [ObjectName: Place] = [:]
        places.reserveCapacity(layers.reduce(0) { $0 + $1.staged.objects.count })
        for (number, layer) in layers.enumerated() {
            for object in layer.staged.objects where places[object] == nil {
                places[object] = .staging(number)
            }
        }
        for (number, layer) in layers.enumerated() {
            for object in layer.staged.copies where places[object] == nil {
                places[object] = .copy(number)
            }
        }
        self.places = places
    }

    /// Whether there is no layer to publish.
    var isEmpty: Bool { layers.isEmpty }

    /// Where an object is until it is published, relative to the staging directory; `nil` where the store
    /// has it.
    func path(of object: ObjectName) -> PathBytes? { places[object].map { path(of: object, $0) } }

    private func path(of object: ObjectName, _ place: Place) -> PathBytes {
        switch place {
        case .staging(let number): layers[number].staged.staging.path(of: object)
        case .copy(let number): layers[number].copy(of: object)
        }
    }

    /// Where a layer's index is until it is published; `nil` where the layer is none of these.
    func index(_ diffID: Digest) -> FilePath? {
        layers.first { $0.key == diffID }.map { staged.staging.directory.path.appending($0.index) }
    }

    /// Makes durable what the file system has, whoever wrote it, and then objects and indexes visible.
    ///
    /// - Throws: `StoreError.system`.
    func run() throws(StoreError) {
        try Trace.span("synchronise") { () throws(StoreError) in
            try staged.staging.directory.synchroniseFileSystem()
        }
        let objects = try OwnedDescriptor(
            opening: staged.layout.directory(StoreLayout.objects),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        try publishObjects(in: objects)
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

    private func publishObjects(in objects: borrowing OwnedDescriptor) throws(StoreError) {
        var moved: [PathBytes: Set<UInt8>] = [:]
        for staging in wholeStagings {
            var shards: Set<UInt8> = []
            for shard in staging.ownShards where try move(shard, of: staging, to: objects) {
                shards.insert(shard)
            }
            moved[staging.place] = shards
        }
        for (object, place) in places {
            if case .staging(let number) = place,
                moved[layers[number].staged.staging.place]?.contains(object.shard)
                    ?? false
            {
                continue
            }
            try move(object, from: path(of: object, place), to: objects)
        }
    }

    /// Moves a whole directory of objects; false where the store has it by now.
    private func move(
        _ shard: UInt8,
        of staging: ObjectStaging,
        to objects: borrowing OwnedDescriptor
    ) throws(StoreError) -> Bool {
        do throws(StoreError) {
            let name = StoreLayout.shard(shard)
            let source = staging.place.appending(name)
            try staged.staging.directory.rename(source, to: objects, name)
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
        from source: PathBytes,
        to objects: borrowing OwnedDescriptor
    ) throws(StoreError) {
        do throws(StoreError) {
            try staged.staging.directory.rename(source, to: objects, StoreLayout.object(object))
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            _ = try objects.openOrMakeDirectory(StoreLayout.shard(object.shard))
            try staged.staging.directory.rename(source, to: objects, StoreLayout.object(object))
        }
    }
}
