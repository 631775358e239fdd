// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// Compares a root filesystem on disk with what its layers say.
struct TreeComparison: ~Copyable {
    private(set) var damages: [StoreDamage] = []
    private let root: FilePath
    private let objects: OwnedDescriptor

    init(_ layout: StoreLayout, of root: FilePath) throws(StoreError) {
        self.root = root
        self.objects = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.objects),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
    }

    /// Compares a directory and everything below it.
    mutating func compare(
        _ directory: borrowing OwnedDescriptor,
        with tree: TreeDirectory
    ) throws(StoreError) {
        try compare(directory, with: tree, at: .root)
    }

    private mutating func compare(
        _ directory: borrowing OwnedDescriptor,
        with tree: TreeDirectory,
        at path: LayerPath
    ) throws(StoreError) {
        let metadata = tree.metadata ?? .impliedDirectory
        if try !directory.status().has(metadata) { report(.metadata, path) }
        var listing = try DirectoryListing(of: directory)
        var found: Set<PathBytes> = []
        while let entry = try listing.next() {
            let inner = path.appending(entry.name)
            switch tree.entries[entry.name] {
            case nil, .device: report(.unexpected, inner)
            case let node?:
                found.insert(entry.name)
                try compare(entry.name, in: directory, with: node, at: inner)
            }
        }
        for (name, node) in tree.entries where !found.contains(name) {
            if case .device = node { continue }
            report(.missing, path.appending(name))
        }
    }

    private mutating func compare(
        _ name: PathBytes,
        in directory: borrowing OwnedDescriptor,
        with node: TreeNode,
        at path: LayerPath
    ) throws(StoreError) {
        let status = try directory.status(of: name)
        switch (node, status.st_mode & S_IFMT) {
        case (.directory(let tree), S_IFDIR):
            do throws(StoreError) {
                try compare(try directory.openDirectory(name), with: tree, at: path)
            } catch {
                // What its owner may not look into nobody has changed either.
                guard error.errno == .permissionDenied else { throw error }
            }
        case (.object(let object), S_IFREG):
            if try !isObject(object, name, in: directory, status) { report(.content, path) }
        case (.symbolicLink(let target, let time), S_IFLNK):
            if try directory.target(of: name, size: Int(status.st_size)) != target {
                report(.target, path)
            } else if !status.has(time) {
                report(.metadata, path)
            }
        case (.fifo(let metadata), S_IFIFO):
            if !status.has(metadata) { report(.metadata, path) }
        default: report(.kind, path)
        }
    }

    /// Whether a file is an object's inode, or where that has too many names a copy of it.
    private func isObject(
        _ object: ObjectName,
        _ name: PathBytes,
        in directory: borrowing OwnedDescriptor,
        _ status: stat
    ) throws(StoreError) -> Bool {
        do throws(StoreError) {
            let expected = try objects.status(of: StoreLayout.object(object))
            if expected.st_ino == status.st_ino { return true }
            let file = try OwnedDescriptor(opening: name, in: directory, O_RDONLY | O_NOFOLLOW)
            let content = try file.digest().0
            return ObjectName(content: content, metadata: try file.metadata()) == object
        } catch {
            guard error.errno == .noSuchFileOrDirectory || error.errno == .permissionDenied else {
                throw error
            }
            return false
        }
    }

    private mutating func report(_ fault: TreeFault, _ path: LayerPath) {
        damages.append(.tree(root, path: path.bytes, fault))
    }
}

extension stat {
    fileprivate func has(_ metadata: InodeMetadata) -> Bool {
        st_mode & 0o7777 == metadata.appliedMode && has(metadata.time)
    }

    fileprivate func has(_ time: ModificationTime) -> Bool {
        Int64(st_mtim.tv_sec) == time.seconds && Int(st_mtim.tv_nsec) == Int(time.nanoseconds)
    }
}
