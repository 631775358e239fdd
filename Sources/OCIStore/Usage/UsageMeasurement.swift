// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// A walk over a whole store that counts each inode once.
struct UsageMeasurement {
    /// Directories of the store that share no inodes with others.
    static let parts: [(PathBytes, any WritableKeyPath<StoreUsage, StoreUsage.Part> & Sendable)] = [
        (StoreLayout.layers, \.layers), (StoreLayout.frames, \.layers),
        (StoreLayout.indexes, \.indexes), (StoreLayout.temporary, \.temporary),
        (StoreLayout.images, \.records), (StoreLayout.recipes, \.records),
        (StoreLayout.steps, \.records), (StoreLayout.locks, \.records),
    ]

    /// A file's content, seen in a root filesystem.
    private struct Content {
        let size: Int64
        /// The first root filesystem it was seen in, by its place in the list.
        let first: Int
        /// The last one.
        var last: Int
        var isShared: Bool { first != last }
    }

    var usage = StoreUsage()
    private var contents: [ino_t: Content] = [:]

    /// The result, once everything was walked over.
    var finished: StoreUsage {
        var usage = usage
        for content in contents.values where !content.isShared {
            usage.trees[content.first].own += content.size
        }
        usage.trees.sort { $0.chainID < $1.chainID }
        return usage
    }

    /// Walks over the root filesystems.
    mutating func trees(_ layout: StoreLayout) throws(StoreError) {
        guard let parent = try Self.open(layout.directory(StoreLayout.rootfs)) else { return }
        var listing = try DirectoryListing(of: parent)
        while let entry = try listing.next() {
            guard entry.isDirectory else { continue }
            let place = usage.trees.count
            usage.trees.append(.init(chainID: String(decoding: entry.name.bytes, as: UTF8.self)))
            try walk(parent, entry.name) { $0.count($1, of: place) }
        }
    }

    /// Walks over file contents, after the trees that have most of them.
    mutating func objects(_ layout: StoreLayout) throws(StoreError) {
        try walk(layout.directory(StoreLayout.objects)) { measurement, status in
            guard status.st_mode & S_IFMT == S_IFREG else {
                return measurement.usage.directories.add(status)
            }
            if measurement.contents[status.st_ino] == nil {
                measurement.usage.unlinked.add(status)
            }
        }
    }

    /// Calls for everything below a directory, and for itself; nothing where there is none.
    mutating func walk(
        _ path: FilePath,
        _ body: (inout Self, stat) -> Void
    ) throws(StoreError) {
        guard let directory = try Self.open(path) else { return }
        body(&self, try directory.status())
        try walk(inside: directory, body)
    }

    private mutating func count(_ status: stat, of place: Int) {
        let size = Int64(status.st_blocks) * 512
        guard status.st_mode & S_IFMT == S_IFREG else {
            usage.directories.add(status)
            usage.trees[place].size += size
            usage.trees[place].own += size
            return
        }
        guard let known = contents[status.st_ino] else {
            contents[status.st_ino] = Content(size: size, first: place, last: place)
            usage.files.add(status)
            usage.trees[place].size += size
            return
        }
        guard known.last != place else { return }
        contents[status.st_ino]?.last = place
        usage.trees[place].size += size
    }

    private mutating func walk(
        _ parent: borrowing OwnedDescriptor,
        _ name: PathBytes,
        _ body: (inout Self, stat) -> Void
    ) throws(StoreError) {
        do throws(StoreError) {
            let status = try parent.status(of: name)
            body(&self, status)
            guard status.st_mode & S_IFMT == S_IFDIR else { return }
            try walk(inside: try parent.openDirectory(name), body)
        } catch {
            // Gone meanwhile, or an image's directory that its owner may not look into.
            guard error.errno == .noSuchFileOrDirectory || error.errno == .permissionDenied else {
                throw error
            }
        }
    }

    private mutating func walk(
        inside directory: borrowing OwnedDescriptor,
        _ body: (inout Self, stat) -> Void
    ) throws(StoreError) {
        var listing = try DirectoryListing(of: directory)
        while let entry = try listing.next() { try walk(directory, entry.name, body) }
    }

    private static func open(_ path: FilePath) throws(StoreError) -> OwnedDescriptor? {
        do throws(StoreError) {
            return try OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            return nil
        }
    }
}
