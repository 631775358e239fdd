// SPDX-License-Identifier: MIT OR Apache-2.0

public import SystemPackage

/// Why the store cannot do what it was asked.
public enum StoreError: Error, Equatable {
    /// The store's path is a symbolic link, which another user might have made.
    case symbolicLink(FilePath)
    /// The store belongs to another user.
    case foreignOwner(FilePath, uid: UInt32)
    /// Other users may write into the store.
    case writableByOthers(FilePath, mode: UInt32)
    /// The directory holds something else than a store.
    case notAStore(FilePath)
    /// The store was laid out by a later version of the program.
    case newerVersion(FilePath, found: Int, supported: Int)
    /// A file of the store does not say what this program writes; the line counts from 1.
    case damaged(FilePath, line: Int?)
    /// No layer of that digest is in the store.
    case missingLayer(Digest)
    /// An image without a layer has no root filesystem.
    case noLayers
    /// A part of the platform cannot be part of a file name.
    case invalidPlatform(Platform)
    /// What a layer says cannot be done on top of the layers below it.
    case conflict(LayerConflict, layer: Digest, path: [UInt8])
    /// What a command left cannot be a layer; the path is inside.
    case notALayer(LayerObstacle, path: [UInt8])
    /// What is to be fetched is larger than what is free; both in bytes.
    case noRoom(FilePath, needed: Int64, free: Int64)
    /// A store that is only to be read cannot be, and why.
    indirect case unusableLower(FilePath, StoreError)
    /// The operating system refused.
    case system(call: String, path: FilePath, Errno)

    /// What the operating system said, where it was it that refused.
    public var errno: Errno? {
        guard case .system(_, _, let code) = self else { return nil }
        return code
    }
}

/// What keeps a tree from being a layer.
public enum LayerObstacle: Error, Equatable, Sendable {
    /// A path is none that a layer can name.
    case path(LayerPathError)
    /// The files have more bytes, holes included, than a layer may have.
    case tooLarge
}

/// What is impossible about an entry of a layer, given the layers below.
public enum LayerConflict: Error, Hashable, Sendable {
    /// The path leads through something that is not a directory.
    case notADirectory
    /// The path leads through more symbolic links than the kernel would follow.
    case tooManySymbolicLinks
    /// The tree gets more levels than this program handles.
    case tooDeep
    /// A hard link to something that is not there.
    case missingLinkTarget
    /// A hard link to a directory.
    case linkToDirectory
    /// The root is to be something else than a directory.
    case rootNotADirectory
}
