// SPDX-License-Identifier: MIT OR Apache-2.0

/// What a name in a tree stands for.
enum TreeNode {
    case directory(TreeDirectory)
    /// A file; names with the same object become names of one inode.
    case object(ObjectName)
    case symbolicLink(PathBytes, ModificationTime)
    case fifo(InodeMetadata)
    /// A device, which hides what is below it but is never made.
    case device
}

/// A directory of a tree in memory.
final class TreeDirectory {
    /// What a layer says of it; `nil` where layers only speak of what is in it.
    var metadata: InodeMetadata?
    var entries: [PathBytes: TreeNode] = [:]

    /// In a layer's own tree: which of the lower layers' entries are removed.
    var removals: Set<PathBytes> = []
    /// In a layer's own tree: whether all of the lower layers' entries are removed.
    var isOpaque = false

    /// The directory of that name.
    func directory(_ name: PathBytes) -> TreeDirectory? {
        guard case .directory(let directory) = entries[name] else { return nil }
        return directory
    }

    /// The directory of that name, a new and empty one where there is something else or nothing.
    func madeDirectory(_ name: PathBytes) -> TreeDirectory {
        if let directory = directory(name) { return directory }
        let directory = TreeDirectory()
        entries[name] = .directory(directory)
        return directory
    }
}
