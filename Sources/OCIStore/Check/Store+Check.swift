// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

extension Store {
    /// Looks at everything: hashes all file contents, layer indexes and package indexes, and
    /// compares every root filesystem with its layers.
    ///
    /// Builds may use the store and fill it meanwhile; nothing is pruned before this ends.
    ///
    /// - Parameter progress: called now and then with how many bytes were hashed.
    /// - Returns: what was found.
    /// - Throws: `StoreError.system`.
    public func check(progress: (Int64) -> Void = { _ in }) throws(StoreError) -> StoreCheck {
        // A store that cannot be written to is looked at as it is, and pruned by nobody.
        try? makeWhole()
        let file = try? OwnedDescriptor(opening: layout.filling, O_RDONLY | O_NOFOLLOW)
        _ = try file?.lock(LOCK_SH)
        var check = StoreCheck()
        var objects = ObjectCheck(layout)
        try objects.run(&check, progress: progress)
        try LayerCheck(layout, objects).run(&check)
        try checkIndexes(&check)
        try checkRecords(&check)
        _ = consume file
        return check
    }

    /// Looks at records, and at the root filesystems that they stand for.
    private func checkRecords(_ check: inout StoreCheck) throws(StoreError) {
        var unreadable: [FilePath] = []
        let records = try records { unreadable.append($0) }
        check.records = records.count + unreadable.count
        check.damages += unreadable.map { .record($0) }
        var layersOf: [Digest: [Digest]] = [:]
        for record in records {
            guard Digest.chainID(of: record.layers) == record.chainID else {
                check.damages.append(.record(record.path))
                continue
            }
            let missing = record.layers.filter { !hasLayer($0) }
            check.damages += missing.map { .missingLayer($0, of: record.path) }
            let isSound = missing.isEmpty && check.damagedLayers.isDisjoint(with: record.layers)
            if isSound {
                layersOf[record.chainID] = record.layers
            } else {
                check.affected.append(record)
                check.damagedTrees.insert(record.chainID)
            }
        }
        try checkTrees(layersOf, &check)
    }

    private func checkTrees(
        _ layersOf: [Digest: [Digest]],
        _ check: inout StoreCheck
    ) throws(StoreError) {
        let path = layout.directory(StoreLayout.rootfs)
        let parent = try OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        var listing = try DirectoryListing(of: parent)
        while let entry = try listing.next() {
            let name = String(decoding: entry.name.bytes, as: UTF8.self)
            guard entry.isDirectory, let chainID = try? Digest("sha256:\(name)") else {
                check.damages.append(.stranger(path.appending(entry.name)))
                continue
            }
            guard let layers = layersOf[chainID] else {
                if !check.damagedTrees.contains(chainID) { check.unowned += 1 }
                continue
            }
            check.trees += 1
            let before = check.damages.count
            do throws(StoreError) {
                let tree = try MergedTree(layers, in: layout)
                let directory = try parent.openDirectory(entry.name)
                var comparison = try TreeComparison(layout, of: path.appending(entry.name))
                try comparison.compare(directory, with: tree.root)
                check.damages += comparison.damages
            } catch .conflict, .damaged, .missingLayer {
                check.damages.append(.tree(path.appending(entry.name), path: [], .content))
            }
            if check.damages.count > before { check.damagedTrees.insert(chainID) }
        }
    }

    private func checkIndexes(_ check: inout StoreCheck) throws(StoreError) {
        for path in try files(in: layout.directory(StoreLayout.indexes)) {
            guard let name = path.lastComponent?.string, let digest = try? Digest("sha256:\(name)")
            else {
                check.damages.append(.stranger(path))
                continue
            }
            let file = try OwnedDescriptor(opening: path, O_RDONLY | O_NOFOLLOW)
            let (found, size) = try file.digest()
            check.bytes += size
            if found != digest { check.damages.append(.index(path)) }
        }
    }
}
