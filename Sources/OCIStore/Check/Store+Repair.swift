// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
public import SystemPackage

/// What a repair did.
public struct StoreRepair: Equatable, Sendable {
    /// What was removed.
    public internal(set) var removed: [FilePath] = []
    /// Damaged root filesystems that are in use, and therefore stay.
    public internal(set) var inUse: [FilePath] = []
    /// Images whose layers have to be fetched again.
    public internal(set) var images: [StoredImage] = []
    /// Root filesystems that were made again of layers that are sound.
    public internal(set) var remade = 0
}

extension Store {
    /// Removes what is damaged and what is made of it, and makes again what can be made here.
    ///
    /// What has to be fetched is told: a build fetches it, too. What is in use is left alone.
    ///
    /// - Parameter check: what was found.
    /// - Returns: what was done; `nil` where another process is filling the store.
    /// - Throws: `StoreError.system`.
    public func repair(_ check: StoreCheck) throws(StoreError) -> StoreRepair? {
        let file = try filling()
        guard try file.lock(LOCK_EX | LOCK_NB) else { return nil }
        var repair = StoreRepair()
        for chainID in check.damagedTrees { try removeTree(chainID, &repair) }
        for layer in check.damagedLayers { try remove(layout.layer(layer), &repair) }
        for damage in check.damages {
            switch damage {
            case .record(let path), .object(let path), .index(let path):
                try remove(path, &repair)
            case .stranger(let path): try removeStranger(path, &repair)
            case .missingLayer, .layer, .missingObject, .tree: break
            }
        }
        try settle(check.affected, &repair)
        try remake(check, &repair)
        _ = try file.lock(LOCK_UN)
        return repair
    }

    /// What was built here cannot be fetched: it is forgotten, so that it is built again.
    private func settle(
        _ affected: [StoredRecord],
        _ repair: inout StoreRepair
    ) throws(StoreError) {
        let images = try images()
        for record in affected {
            let image = images.first { $0.path == record.path }
            if let image, !image.record.isBuiltHere {
                repair.images.append(image)
            } else {
                try remove(record.path, &repair)
            }
        }
    }

    /// Makes root filesystems whose layers are sound.
    private func remake(_ check: StoreCheck, _ repair: inout StoreRepair) throws(StoreError) {
        var seen: Set<Digest> = []
        for record in try records()
        where check.damagedTrees.contains(record.chainID) && seen.insert(record.chainID).inserted {
            guard record.layers.allSatisfy(hasLayer), try rootfs(record.chainID) == nil else {
                continue
            }
            _ = try materialise(record.layers)
            repair.remade += 1
        }
    }

    private func removeTree(
        _ chainID: Digest,
        _ repair: inout StoreRepair
    ) throws(StoreError) {
        let parent = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.rootfs),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        let name = StoreLayout.rootfs(chainID)
        do throws(StoreError) {
            let directory = try parent.openWhateverMode(name, try parent.status(of: name))
            guard try directory.lock(LOCK_EX | LOCK_NB) else {
                repair.inUse.append(layout.rootfs(chainID))
                return
            }
            // rename(2), EACCES: a moved directory must be writable itself, as its `..` changes.
            try parent.changeMode(name, to: 0o700)
            let staging = try Staging(in: layout)
            try parent.rename(name, to: staging.directory, name)
            repair.removed.append(layout.rootfs(chainID))
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
        }
    }

    private func remove(_ path: FilePath, _ repair: inout StoreRepair) throws(StoreError) {
        try remove(path)
        repair.removed.append(path)
    }

    /// Removes what the store did not make, where it is a file.
    private func removeStranger(
        _ path: FilePath,
        _ repair: inout StoreRepair
    ) throws(StoreError) {
        do throws(StoreError) {
            try remove(path, &repair)
        } catch {
            // unlink(2): a directory of the user's is theirs to remove.
            guard error.errno == .isDirectory || error.errno == .notPermitted else { throw error }
        }
    }
}
