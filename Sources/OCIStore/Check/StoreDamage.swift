// SPDX-License-Identifier: MIT OR Apache-2.0

public import SystemPackage

/// Something in a store that is not what it was written as.
public enum StoreDamage: Hashable, Sendable {
    /// A record that cannot be read, or whose chain ID is not that of its layers.
    case record(FilePath)
    /// A record names a layer that is not there.
    case missingLayer(Digest, of: FilePath)
    /// A layer's index is not what was written.
    case layer(FilePath)
    /// A file's content, mode, time or attributes are not what its name says.
    case object(FilePath)
    /// A layer speaks of a file's content that is not there.
    case missingObject(FilePath, of: FilePath)
    /// A root filesystem is not what its layers say; the path is inside.
    case tree(FilePath, path: [UInt8], TreeFault)
    /// A package index has another digest than its name.
    case index(FilePath)
    /// The store makes no file of such a name there.
    case stranger(FilePath)

    /// What it is about.
    public var path: FilePath {
        switch self {
        case .record(let path), .layer(let path), .object(let path), .index(let path),
            .stranger(let path), .tree(let path, _, _), .missingLayer(_, of: let path),
            .missingObject(let path, of: _):
            path
        }
    }
}

/// How a root filesystem differs from what its layers say.
public enum TreeFault: Hashable, Sendable {
    /// Something is gone.
    case missing
    /// Something is there that no layer has.
    case unexpected
    /// It is another kind of thing.
    case kind
    /// It is another file than the layers' one.
    case content
    /// Mode or time are others.
    case metadata
    /// The symbolic link leads elsewhere.
    case target
}

/// What a look at everything in a store has found.
public struct StoreCheck: Equatable, Sendable {
    /// What is not as it should be, in the order in which it was found.
    public internal(set) var damages: [StoreDamage] = []
    /// How many records there are.
    public internal(set) var records = 0
    /// How many layers.
    public internal(set) var layers = 0
    /// How many file contents.
    public internal(set) var objects = 0
    /// How many root filesystems were compared.
    public internal(set) var trees = 0
    /// How many root filesystems nothing stands for, which pruning removes.
    public internal(set) var unowned = 0
    /// How many file contents their owner may not read, and nobody has looked at.
    public internal(set) var unreadable = 0
    /// Bytes that were hashed.
    public internal(set) var bytes: Int64 = 0

    /// Layers that are damaged or speak of contents that are.
    var damagedLayers: Set<Digest> = []
    /// Root filesystems that are damaged, or made of such layers.
    var damagedTrees: Set<Digest> = []
    /// Records that cannot be obeyed without fetching something.
    var affected: [StoredRecord] = []
}
