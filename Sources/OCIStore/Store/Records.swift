// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
public import SystemPackage

/// What keeps a root filesystem and its layers in the store.
public struct StoredRecord: Hashable, Sendable {
    /// What stands for something.
    public enum Kind: Hashable, Sendable {
        /// An image under a name.
        case image(ImageReference, platform: String)
        /// What was built from a recipe, or from what it was locked to.
        case recipe(Digest)
        /// What a step of a build came to.
        case step(Digest)
    }

    /// What it is.
    public let kind: Kind
    /// The keys of the layers from the bottom up.
    public let layers: [Digest]
    /// Names the root filesystem.
    public let chainID: Digest
    /// When a build used it last, to the hour, in seconds since 1970.
    public let lastUse: Int64
    /// Its file.
    public let path: FilePath
}

extension Store {
    /// What images, recipes and steps stand for.
    ///
    /// - Parameter unreadable: told of files that are none of these.
    /// - Returns: by path.
    /// - Throws: `StoreError.system`.
    public func records(
        unreadable: (FilePath) -> Void = { _ in }
    ) throws(StoreError) -> [StoredRecord] {
        var found: [StoredRecord] = []
        for name in [StoreLayout.images, StoreLayout.recipes, StoreLayout.steps] {
            for path in try files(in: layout.directory(name)) {
                do throws(StoreError) {
                    guard let fields: RecordFields = try document(at: path) else { continue }
                    guard let kind = kind(path, name) else { throw .damaged(path, line: nil) }
                    found.append(
                        StoredRecord(
                            kind: kind,
                            layers: fields.all,
                            chainID: fields.chainID,
                            lastUse: try lastUse(path),
                            path: path
                        )
                    )
                } catch .damaged(let path, _) {
                    unreadable(path)
                } catch {
                    guard error.errno == .noSuchFileOrDirectory else { throw error }
                }
            }
        }
        return found.sorted { $0.path.string < $1.path.string }
    }

    /// Forgets what a record says; what only it needs stays until the store is pruned.
    ///
    /// - Parameter record: as `records()` has it.
    /// - Throws: `StoreError.system`.
    public func forget(_ record: StoredRecord) throws(StoreError) { try remove(record.path) }

    /// Reads a record as what it was written as, without that counting as use.
    ///
    /// - Parameter record: as `records()` has it.
    /// - Returns: `nil` where it is gone.
    /// - Throws: `StoreError.damaged` or `.system`.
    public func peek<Record: Decodable>(
        _ record: StoredRecord
    ) throws(StoreError) -> Record? {
        try document(at: record.path)
    }

    private func kind(_ path: FilePath, _ directory: PathBytes) -> StoredRecord.Kind? {
        if directory == StoreLayout.images {
            return imageName(path).map { .image($0.reference, platform: $0.platform) }
        }
        guard let stem = path.stem, let digest = try? Digest("sha256:\(stem)") else { return nil }
        return directory == StoreLayout.recipes ? .recipe(digest) : .step(digest)
    }

    private func lastUse(_ path: FilePath) throws(StoreError) -> Int64 {
        var status = stat()
        try systemCall("lstat", path) {
            unsafe path.withPlatformString { unsafe lstat($0, &status) }
        }
        return Int64(status.st_mtim.tv_sec)
    }
}

/// What the records of images, recipes and steps have in common.
struct RecordFields: Decodable {
    let chainID: Digest
    let diffIDs: [Digest]?
    let layers: [Digest]?

    var all: [Digest] { (diffIDs ?? []) + (layers ?? []) }
}
