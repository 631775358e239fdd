// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// Takes a layer's entries one after the other and makes objects and an index of them.
///
/// Nothing is visible in the store before `publish`; a writer that is dropped leaves nothing.
package struct LayerWriter: ~Copyable {
    private let staged: StagedLayers
    private let place: PathBytes
    private var objects: ObjectWriter
    private var index: LayerIndexWriter

    /// Starts a layer that is published by itself.
    package init(in store: Store) throws(StoreError) {
        try self.init(into: StagedLayers(in: store))
    }

    /// Starts a layer that is published with others.
    package init(into staged: StagedLayers) throws(StoreError) {
        let place = staged.freshPlace()
        let directory = try staged.staging.directory.makeDirectory(place)
        let index = try directory.makeFile(StoreLayout.stagedIndex)
        let objects = LayerObjects(in: try staged.begin(), by: staged.maker, place: directory)
        self.staged = staged
        self.place = place
        self.objects = ObjectWriter(to: objects)
        self.index = LayerIndexWriter(to: index)
    }

    /// Adds an entry that has no content of its own.
    package mutating func append(_ entry: LayerEntry) throws(StoreError) {
        try index.append(entry)
    }

    /// Adds bytes to the content of the file that `finishFile` will name.
    package mutating func appendContent(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        try unsafe objects.append(bytes)
    }

    /// Adds what an open file has, from its position on, to the content.
    package mutating func appendContent(
        of file: borrowing OwnedDescriptor
    ) throws(StoreError) {
        var buffer = [UInt8](repeating: 0, count: 128 * 1024)
        while true {
            let count = try file.read(into: &buffer, from: 0)
            guard count > 0 else { return }
            try unsafe buffer.withUnsafeBufferPointer { bytes throws(StoreError) in
                let part = unsafe UnsafeBufferPointer(rebasing: bytes[..<count])
                try unsafe appendContent(UnsafeRawBufferPointer(part))
            }
        }
    }

    /// Adds so many zeros to the content, which take no space on disk.
    package mutating func appendHole(_ count: Int64) throws(StoreError) {
        try objects.appendHole(count)
    }

    /// Adds a file with the content that came since the last one.
    package mutating func finishFile(
        _ path: LayerPath,
        _ metadata: InodeMetadata
    ) throws(StoreError) {
        let content = try objects.finish(metadata)
        try index.append(LayerEntry(path: path, kind: .file(content), metadata: metadata))
    }

    /// Adds a file whose content is at hand.
    package mutating func append(
        _ content: [UInt8],
        at path: LayerPath,
        _ metadata: InodeMetadata
    ) throws(StoreError) {
        try unsafe content.withUnsafeBufferPointer { bytes throws(StoreError) in
            try unsafe appendContent(UnsafeRawBufferPointer(bytes))
        }
        try finishFile(path, metadata)
    }

    /// Makes the file that takes the frame of the layer's archive, as `Store.frame` gives it back.
    package func makeFrame() throws(StoreError) -> OwnedDescriptor {
        try staged.staging.directory.makeFile(place.appending(StoreLayout.stagedFrame))
    }

    /// Ends the layer, which is then one of those that it was begun with.
    ///
    /// - Parameters:
    ///   - diffID: of the layer; the caller has checked it.
    ///   - isFramed: whether the file that `makeFrame` made is whole.
    /// - Throws: `StoreError.system`.
    package consuming func stage(
        as diffID: Digest,
        isFramed: Bool = false
    ) throws(StoreError) {
        _ = try index.finish()
        try stageFinished(as: diffID, isFramed: isFramed)
    }

    /// Publishes the layer, and those that are finished beside it.
    ///
    /// - Parameter diffID: of the layer; the caller has checked it.
    /// - Throws: `StoreError.system`; nothing of the layer is visible then.
    package consuming func publish(as diffID: Digest) throws(StoreError) {
        let staged = staged
        try stage(as: diffID)
        try staged.publish()
    }

    /// Publishes a layer that no archive holds.
    ///
    /// - Returns: its key in place of a diff ID, the digest of its index.
    /// - Throws: `StoreError.system`; nothing of the layer is visible then.
    package consuming func publish() throws(StoreError) -> Digest {
        let key = try index.finish()
        let staged = staged
        try stageFinished(as: key, isFramed: false)
        try staged.publish()
        return key
    }

    private consuming func stageFinished(as key: Digest, isFramed: Bool) throws(StoreError) {
        let objects = try objects.finishAll()
        staged.add(StagedLayer(key: key, place: place, isFramed: isFramed, staged: objects))
    }
}
