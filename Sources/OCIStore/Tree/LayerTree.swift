// SPDX-License-Identifier: MIT OR Apache-2.0

/// What one layer says, as a tree to be laid over the layers below.
///
/// Entries come in the archive's order and the last one of a path counts. Whiteouts only speak of
/// lower layers, so they may come before or after what the layer puts in the same place.
struct LayerTree {
    let root = TreeDirectory()
    private let lower: TreeDirectory

    /// An empty layer above a tree.
    init(above lower: TreeDirectory) {
        self.lower = lower
    }

    /// Takes in an entry.
    ///
    /// Symbolic links on the way to it are followed inside the tree: `lib/x` lands in `usr/lib`
    /// where `lib` is a link to there, be the link of this layer or of a lower one.
    func add(_ entry: LayerEntry) throws(LayerConflict) {
        do throws(LayerConflict) {
            try insert(entry)
        } catch {
            // Where a directory became a file, some builders still remove what was in it.
            guard error == .notADirectory, entry.kind == .whiteout || entry.kind == .opaque else {
                throw error
            }
        }
    }

    private func insert(_ entry: LayerEntry) throws(LayerConflict) {
        var walk = TreeWalk(root: TreePosition(upper: root, lower: lower))
        guard let name = entry.path.components.last, entry.kind != .opaque else {
            _ = try walk.enter(entry.path.components, making: true)
            try addToDirectory(entry, walk.position.upper)
            return
        }
        _ = try walk.enter(entry.path.parent.components, making: true)
        guard let directory = walk.position.upper else { return }
        switch entry.kind {
        case .directory: directory.madeDirectory(name).metadata = entry.metadata
        case .file(let content): directory.entries[name] = .object(content.object)
        case .symbolicLink(let target):
            directory.entries[name] = .symbolicLink(target, entry.metadata.time)
        case .hardLink(let target): directory.entries[name] = try node(at: target)
        case .fifo: directory.entries[name] = .fifo(entry.metadata)
        case .device: directory.entries[name] = .device
        case .whiteout: directory.removals.insert(name)
        case .opaque: break
        }
    }

    /// An entry that speaks of the directory it names: the root, or an opaque one.
    private func addToDirectory(
        _ entry: LayerEntry,
        _ directory: TreeDirectory?
    ) throws(LayerConflict) {
        switch entry.kind {
        case .directory: directory?.metadata = entry.metadata
        case .opaque: directory?.isOpaque = true
        default: throw .rootNotADirectory
        }
    }

    /// What a hard link gives another name to; a symbolic link is such a thing itself.
    private func node(at path: LayerPath) throws(LayerConflict) -> TreeNode {
        var walk = TreeWalk(root: TreePosition(upper: root, lower: lower))
        guard let name = path.components.last else { throw .linkToDirectory }
        guard try walk.enter(path.parent.components, making: false),
            let node = walk.position.entry(name)
        else { throw .missingLinkTarget }
        if case .directory = node { throw .linkToDirectory }
        return node
    }
}
