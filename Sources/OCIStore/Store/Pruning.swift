// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// What pruning removed.
public struct Pruned: Equatable, Sendable {
    /// Root filesystems.
    public internal(set) var rootfs = 0
    /// Layers.
    public internal(set) var layers = 0
    /// In bytes, of the file contents and of what was downloaded and not used.
    public internal(set) var size: Int64 = 0
}

extension Store {
    /// Tells pruning to keep its hands off until this process ends.
    ///
    /// A process that fills the store has layers in it for which no record stands yet.
    ///
    /// - Throws: `StoreError.system`.
    /// - Source: flock(2).
    public func fillUntilExit() throws(StoreError) {
        let file = try filling()
        _ = try file.lock(LOCK_SH)
        try file.keepOpen()
        // Whoever makes something removes what others left; a run that finds all made does so, too.
        _ = try? Staging(in: layout)
    }

    /// Removes what no image, recipe or step stands for any more, and no sandbox uses.
    ///
    /// - Returns: what was removed; `nil` where another process is filling the store.
    /// - Throws: `StoreError.damaged`, where a record cannot be read, or `.system`.
    public func prune() throws(StoreError) -> Pruned? {
        let file = try filling()
        guard try file.lock(LOCK_EX | LOCK_NB) else { return nil }
        let roots = try roots()
        var pruned = Pruned()
        try pruneTrees(keeping: roots.trees, &pruned)
        try pruneLayers(keeping: roots.layers, &pruned)
        try pruneObjects(keeping: roots.layers, &pruned)
        try removeLeftovers(&pruned)
        _ = try file.lock(LOCK_UN)
        return pruned
    }

    /// Opens the file that those lock who fill the store, or prune it, which is whole then.
    func filling() throws(StoreError) -> OwnedDescriptor {
        try makeWhole()
        return try OwnedDescriptor(
            opening: layout.filling,
            O_RDWR | O_CREAT | O_NOFOLLOW,
            mode: 0o600
        )
    }

    /// What records stand for.
    private func roots() throws(StoreError) -> (trees: Set<PathBytes>, layers: Set<PathBytes>) {
        var trees: Set<PathBytes> = []
        var layers: Set<PathBytes> = []
        for name in [StoreLayout.images, StoreLayout.recipes, StoreLayout.steps] {
            for path in try files(in: layout.directory(name)) {
                guard let root: RecordFields = try document(at: path) else { continue }
                trees.insert(StoreLayout.rootfs(root.chainID))
                layers.formUnion(root.all.map(StoreLayout.layer))
            }
        }
        return (trees, layers)
    }

    private func pruneTrees(
        keeping kept: Set<PathBytes>,
        _ pruned: inout Pruned
    ) throws(StoreError) {
        let parent = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.rootfs),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        let staging = try Staging(in: layout)
        var listing = try DirectoryListing(of: parent)
        while let entry = try listing.next() {
            guard entry.isDirectory, !kept.contains(entry.name) else { continue }
            let directory = try parent.openDirectory(entry.name)
            guard try directory.lock(LOCK_EX | LOCK_NB) else { continue }
            // rename(2), EACCES: a moved directory must be writable itself, as its `..` changes.
            try parent.changeMode(entry.name, to: 0o700)
            // Whoever opened it meanwhile sees that it is not what the path names any more.
            try parent.rename(entry.name, to: staging.directory, entry.name)
            pruned.rootfs += 1
        }
    }

    private func pruneLayers(
        keeping kept: Set<PathBytes>,
        _ pruned: inout Pruned
    ) throws(StoreError) {
        let layers = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.layers),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        var listing = try DirectoryListing(of: layers)
        while let entry = try listing.next() {
            guard !kept.contains(entry.name) else { continue }
            try layers.unlink(entry.name)
            pruned.layers += 1
        }
        try pruneFrames()
    }

    /// Removes the frames of archives whose layers are gone.
    private func pruneFrames() throws(StoreError) {
        for path in try files(in: layout.directory(StoreLayout.frames)) {
            let diffID = path.lastComponent.flatMap { try? Digest("sha256:\($0.string)") }
            guard diffID.map(hasLayer) != true else { continue }
            try remove(path)
        }
    }

    /// Removes file contents that have no other name, unless a layer speaks of them that an upper
    /// layer hides in every tree.
    private func pruneObjects(
        keeping layers: Set<PathBytes>,
        _ pruned: inout Pruned
    ) throws(StoreError) {
        var lonely: [PathBytes: Int64] = [:]
        let objects = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.objects),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        var shards = try DirectoryListing(of: objects)
        while let shard = try shards.next() {
            guard shard.isDirectory else { continue }
            let directory = try objects.openDirectory(shard.name)
            var listing = try DirectoryListing(of: directory)
            while let entry = try listing.next() {
                let status = try directory.status(of: entry.name)
                guard status.st_nlink == 1 else { continue }
                guard
                    let name = PathBytes(shard.name.bytes + [UInt8(ascii: "/")] + entry.name.bytes)
                else { continue }
                lonely[name] = Int64(status.st_size)
            }
        }
        for layer in layers where !lonely.isEmpty {
            let path = layout.directory(StoreLayout.layers).appending(layer)
            for object in try self.objects(of: path) { lonely[StoreLayout.object(object)] = nil }
        }
        for (name, size) in lonely {
            try objects.unlink(name)
            pruned.size += size
        }
    }

    /// The file contents that a layer speaks of; none where there is no such layer.
    private func objects(of layer: FilePath) throws(StoreError) -> [ObjectName] {
        var objects: [ObjectName] = []
        do throws(StoreError) {
            var reader = try LayerIndexReader(opening: layer)
            while let entry = try reader.next() {
                if case .file(let content) = entry.kind { objects.append(content.object) }
            }
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
        }
        return objects
    }
}
