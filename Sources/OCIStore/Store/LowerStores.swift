// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
public import SystemPackage

/// Stores that others have filled, and that are only read: one on a machine's image, or on a share.
extension Store {
    /// Opens a store that is never written to, nor locked: nobody may prune it meanwhile.
    ///
    /// It may be another user's, root's for one, but nobody else's to write.
    ///
    /// - Parameter path: absolute, or relative to the working directory.
    /// - Throws: `StoreError`.
    public init(reading path: FilePath) throws(StoreError) {
        try self.init(lower: try Self.absolute(path))
    }

    /// The stores that are only read, as the environment names them.
    ///
    /// - Parameter environment: `CROSS_STORE_RO` is read: paths with colons between them, the first
    ///   to count most.
    /// - Returns: them, opened.
    /// - Throws: `StoreError.unusableLower` of the first that cannot be read.
    public static func lower(environment: [String: String]) throws(StoreError) -> [Store] {
        let paths = environment["CROSS_STORE_RO", default: ""].split(separator: ":")
        return try paths.map { (path) throws(StoreError) in
            let path = FilePath(String(path))
            do throws(StoreError) {
                return try Store(reading: path)
            } catch {
                throw .unusableLower(path, error)
            }
        }
    }

    /// The first answer of the stores below this one.
    func below<Value>(
        _ ask: (Store) throws(StoreError) -> Value?
    ) throws(StoreError) -> Value? {
        for store in lower {
            if let value = try ask(store) { return value }
        }
        return nil
    }

    /// Copies layers here that only stores below this one have.
    ///
    /// Their files are read and hashed as those of a new layer: a root filesystem is one tree of
    /// hard links, which do not lead from one file system to another, nor to other users' files.
    func adopt(_ diffIDs: [Digest]) throws(StoreError) {
        for diffID in diffIDs where !hasLayer(diffID) {
            guard lower.contains(where: { $0.hasLayer(diffID) }) else { continue }
            var layer = try StoredLayer(diffID, in: self)
            var writer = try LayerWriter(in: self)
            while let entry = try layer.next() {
                guard case .file(let content) = entry.kind else {
                    try writer.append(entry)
                    continue
                }
                try writer.appendContent(of: try layer.open(content))
                try writer.finishFile(entry.path, entry.metadata)
            }
            try writer.publish(as: diffID)
        }
    }
}
