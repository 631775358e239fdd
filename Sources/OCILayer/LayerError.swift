// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore

/// Why a layer cannot be unpacked; the store is then as it was before.
public enum LayerError: Error, Equatable {
    /// A media type this program has no decoder for.
    case unknownMediaType(String)
    /// A media type whose blobs are not to be had from a registry.
    case notDistributable(String)
    /// The compressed stream is broken at about this byte of the blob.
    case compression(CompressionFault, offset: Int64)
    /// What libarchive says is wrong with the tar archive.
    case archive(String)
    /// An entry of the archive cannot be part of a root filesystem.
    case entry(EntryFault, name: [UInt8])
    /// The layer is larger than allowed.
    case limit(LayerLimit)
    /// The uncompressed layer is another one than the image's configuration says.
    case diffIDMismatch(expected: Digest, found: Digest)
    /// The store cannot take the layer, or the blob cannot be read.
    case store(StoreError)
}

/// What is wrong with a compressed stream.
public enum CompressionFault: Error, Hashable, Sendable {
    /// It, or what comes after its first part, is not of the codec that the media type says.
    case notOfThisCodec
    /// Its data cannot be decoded.
    case invalidData
    /// A checksum or length in it does not match the data.
    case checksum
    /// It ends too early.
    case truncated
    /// It needs more memory than a decoder may have.
    case windowTooLarge
}

/// What is wrong with an entry of an archive.
public enum EntryFault: Error, Hashable, Sendable {
    /// Its name cannot be one below the root.
    case name(LayerPathError)
    /// The target of a hard link cannot be a name below the root.
    case hardLinkTarget(LayerPathError)
    /// The target of a symbolic link is empty or longer than a path can be.
    case symbolicLinkTarget
    /// The root is to be something else than a directory.
    case rootNotADirectory
    /// Its type is none that a tree can hold.
    case type
    /// Its size is negative, or its pieces overlap.
    case size
    /// Its name has a line feed, which a list of names cannot hold.
    case lineFeed
    /// Its name is one that only whoever reads the archive may give to a file.
    case reserved
    /// A device number is out of range.
    case deviceNumber
}

/// What a layer has too much of.
public enum LayerLimit: Error, Hashable, Sendable {
    /// Entries in the archive.
    case entries
    /// Bytes, uncompressed.
    case bytes
    /// Bytes that come out of one compressed byte.
    case ratio
    /// Bytes of one entry's extended attributes.
    case attributes
}

/// Words a failure of the store.
package func storing<Value: ~Copyable>(
    _ body: () throws(StoreError) -> Value
) throws(LayerError) -> Value {
    do throws(StoreError) {
        return try body()
    } catch {
        throw .store(error)
    }
}
