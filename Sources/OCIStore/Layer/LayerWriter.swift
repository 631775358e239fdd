// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// Takes a layer's entries one after the other and publishes them as objects and an index.
///
/// Nothing is visible in the store before `publish`; a writer that is dropped leaves nothing.
package struct LayerWriter: ~Copyable {
    private let layout: StoreLayout
    private let staging: Staging
    private var objects: ObjectWriter
    private var index: LayerIndexWriter

    /// Starts a layer.
    package init(in store: Store) throws(StoreError) {
        let staging = try Staging(in: store.layout)
        let objects = try ObjectWriter(store: store.layout, staging: staging.directory)
        let index = try staging.directory.makeFile(StoreLayout.stagedIndex)
        self.layout = store.layout
        self.staging = staging
        self.objects = objects
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
        try staging.directory.makeFile(StoreLayout.stagedFrame)
    }

    /// Publishes the layer.
    ///
    /// Everything is on disk before the first name appears, and the file systems in use keep the
    /// order of renames over a power cut, so an index that is there has all of its objects.
    ///
    /// - Parameters:
    ///   - diffID: of the layer; the caller has checked it.
    ///   - isFramed: whether the file that `makeFrame` made is whole.
    /// - Throws: `StoreError.system`; nothing of the layer is visible then.
    package consuming func publish(
        as diffID: Digest,
        isFramed: Bool = false
    ) throws(StoreError) {
        _ = try index.finish()
        try publishFinished(as: diffID, isFramed: isFramed)
    }

    /// Publishes a layer that no archive holds.
    ///
    /// - Returns: its key in place of a diff ID, the digest of its index.
    /// - Throws: `StoreError.system`; nothing of the layer is visible then.
    package consuming func publish() throws(StoreError) -> Digest {
        let key = try index.finish()
        try publishFinished(as: key, isFramed: false)
        return key
    }

    private consuming func publishFinished(
        as diffID: Digest,
        isFramed: Bool
    ) throws(StoreError) {
        try staging.directory.synchroniseFileSystem()
        try objects.publish()
        if isFramed {
            let frames = try OwnedDescriptor(opening: layout.root, O_RDONLY | O_DIRECTORY)
                .openOrMakeDirectory(StoreLayout.frames)
            try staging.directory.rename(
                StoreLayout.stagedFrame,
                to: frames,
                StoreLayout.frame(diffID)
            )
        }
        let layers = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.layers),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        try staging.directory.rename(
            StoreLayout.stagedIndex,
            to: layers,
            StoreLayout.layer(diffID)
        )
    }
}
