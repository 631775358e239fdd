// SPDX-License-Identifier: MIT OR Apache-2.0

package import OCIStore

/// Says where the entries of an archive go in a layer.
package protocol EntryPlacement {
    /// Where an entry goes.
    ///
    /// - Parameter entry: as the archive has it; nothing of it was checked.
    /// - Returns: its place; `nil` where it is left out.
    /// - Throws: `EntryFault` where it cannot be part of a layer.
    mutating func place(of entry: ArchiveEntry) throws(EntryFault) -> LayerName?

    /// Where the thing is that a hard link of the archive names.
    func path(ofTarget target: [UInt8]) throws(LayerPathError) -> LayerPath

    /// Sees a piece of the content of the file that was placed last; holes are not shown.
    mutating func see(_ content: UnsafeRawBufferPointer)

    /// What the layer says of an entry beside its name and content.
    func adjusted(_ metadata: InodeMetadata, isDirectory: Bool) -> InodeMetadata
}

extension EntryPlacement {
    /// Nothing is to be seen.
    package mutating func see(_ content: UnsafeRawBufferPointer) {}

    /// Just what the archive says.
    package func adjusted(_ metadata: InodeMetadata, isDirectory: Bool) -> InodeMetadata {
        metadata
    }
}

/// A layer of an image: every name is its place, or says what lower layers lose.
struct ImagePlacement: EntryPlacement {
    func place(of entry: ArchiveEntry) throws(EntryFault) -> LayerName? {
        do throws(LayerPathError) {
            return try LayerName(entry.name[...])
        } catch {
            throw .name(error)
        }
    }

    func path(ofTarget target: [UInt8]) throws(LayerPathError) -> LayerPath {
        try LayerPath(target[...])
    }
}
