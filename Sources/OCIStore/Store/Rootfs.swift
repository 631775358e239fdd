// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage
import Trace

extension Store {
    /// The root filesystem of a stack of layers.
    ///
    /// - Parameter chainID: of the topmost layer.
    /// - Returns: a lease, while which it is not pruned; `nil` where it was not materialised.
    /// - Throws: `StoreError.system`.
    public func rootfs(_ chainID: Digest) throws(StoreError) -> RootfsLease? {
        let path = layout.rootfs(chainID)
        do throws(StoreError) {
            let directory = try OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            // Nobody prunes a store that is only read.
            guard !isReadOnly else { return RootfsLease(path: path, directory) }
            _ = try directory.lock(LOCK_SH)
            // Pruning locks, then moves away: what was locked must still be what the path names.
            guard try directory.status().st_ino == inode(of: path) else { return nil }
            return RootfsLease(path: path, directory)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            for store in lower {
                if let lease = try store.rootfs(chainID) { return lease }
            }
            return nil
        }
    }

    /// The root filesystem of a stack of layers, made where only its layers are in the store.
    ///
    /// - Parameters:
    ///   - chainID: of the topmost layer.
    ///   - layers: from the bottom up.
    /// - Returns: a lease; `nil` where a layer has to be fetched first.
    /// - Throws: what `materialise` throws.
    public func rootfs(_ chainID: Digest, of layers: [Digest]) throws(StoreError) -> RootfsLease? {
        if let lease = try rootfs(chainID) { return lease }
        guard !layers.isEmpty, layers.allSatisfy(hasLayer) else { return nil }
        // Nothing may be pruned meanwhile; where somebody prunes now, it is fetched.
        let file = try filling()
        guard try file.lock(LOCK_SH | LOCK_NB) else { return nil }
        defer { withExtendedLifetime(file) {} }
        return try materialise(layers)
    }

    /// Makes the root filesystem of a stack of layers unless it is there.
    ///
    /// It appears whole or not at all. Of processes that make the same one at once, one wins and
    /// all get its result; holding `LockName.rootfs` meanwhile saves the others the work.
    ///
    /// - Parameters:
    ///   - diffIDs: from the bottom up; each must be in the store or staged.
    ///   - staged: layers that are published with it.
    /// - Returns: a lease of the tree.
    /// - Throws: `StoreError.noLayers`, `.missingLayer`, `.conflict`, `.damaged` or `.system`.
    public func materialise(
        _ diffIDs: [Digest],
        publishing staged: StagedLayers? = nil
    ) throws(StoreError) -> RootfsLease {
        guard let chainID = Digest.chainID(of: diffIDs) else { throw .noLayers }
        while true {
            if let lease = try rootfs(chainID) {
                try staged?.publish()
                return lease
            }
            let group = if let staged { staged } else { try StagedLayers(in: self) }
            let publication = group.take()
            try adopt(diffIDs.filter { publication.index($0) == nil })
            let place = group.freshPlace()
            let early = publication.isEmpty ? nil : EarlySynchronisation(of: group)
            do throws(StoreError) {
                try make(place, of: diffIDs, in: group, and: publication)
            } catch {
                // What cannot be a tree may still be layers of others.
                if (try? early?.finish()) != nil { try? publication.run() }
                throw error
            }
            try early?.finish()
            try publication.run()
            try publish(place, of: group.staging.directory, as: chainID)
        }
    }

    /// Makes the tree where nobody sees it yet.
    private func make(
        _ place: PathBytes,
        of diffIDs: [Digest],
        in group: StagedLayers,
        and publication: LayerPublication
    ) throws(StoreError) {
        let tree = try Trace.span("merge the layers") { () throws(StoreError) in
            try MergedTree(diffIDs, in: layout, and: publication)
        }
        let directory = try group.staging.directory.makeDirectory(place)
        try Trace.span("link the tree") { () throws(StoreError) in
            try RootfsBuilder(group, publication).fill(directory, from: tree.root)
        }
    }

    private func publish(
        _ place: PathBytes,
        of staging: borrowing OwnedDescriptor,
        as chainID: Digest
    ) throws(StoreError) {
        let parent = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.rootfs),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        do throws(StoreError) {
            try staging.rename(place, to: parent, StoreLayout.rootfs(chainID))
        } catch {
            // rename(2): another process was faster.
            guard error.errno == .directoryNotEmpty || error.errno == .fileExists else {
                throw error
            }
        }
    }

    private func inode(of path: FilePath) throws(StoreError) -> ino_t {
        var status = stat()
        try systemCall("lstat", path) {
            unsafe path.withPlatformString { unsafe lstat($0, &status) }
        }
        return status.st_ino
    }
}
