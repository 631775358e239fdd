// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// A root filesystem as it will be, to be looked at before it is materialised.
package struct StoredTree {
    /// What a name stands for.
    package enum Kind: Hashable, Sendable {
        /// A directory.
        case directory
        /// A file.
        case file
        /// A symbolic link with this target.
        case symbolicLink(PathBytes)
        /// A named pipe or a device.
        case other
    }

    /// path_resolution(7): the kernel follows so many before ELOOP.
    private static let maximumHops = 40

    private let tree: MergedTree
    private let layout: StoreLayout

    /// Merges layers of a store.
    ///
    /// - Parameters:
    ///   - diffIDs: from the bottom up.
    ///   - store: which has them all.
    /// - Throws: `StoreError.missingLayer`, `.damaged`, `.conflict` or `.system`.
    package init(_ diffIDs: [Digest], in store: Store) throws(StoreError) {
        tree = try MergedTree(diffIDs, in: store.layout)
        layout = store.layout
    }

    /// What is at a path; symbolic links on the way are followed, the last one only if asked to.
    package func kind(of path: LayerPath, following: Bool = true) -> Kind? {
        guard let found = resolve(path, following: following) else { return nil }
        switch found.node {
        case .directory: return .directory
        case .object: return .file
        case .symbolicLink(let target, _): return .symbolicLink(target)
        case .fifo, .device: return .other
        }
    }

    /// The path of the same thing without any symbolic link on it; `nil` where there is nothing.
    package func realPath(of path: LayerPath) -> LayerPath? {
        resolve(path, following: true)?.path
    }

    /// The names in a directory, sorted as bytes; none where there is no directory.
    package func names(in path: LayerPath) -> [PathBytes] {
        guard case .directory(let directory) = resolve(path, following: true)?.node else {
            return []
        }
        return directory.entries.keys.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }

    /// Opens the file at a path for reading; `nil` where there is none.
    package func open(_ path: LayerPath) throws(StoreError) -> OwnedDescriptor? {
        guard case .object(let object) = resolve(path, following: true)?.node else { return nil }
        let file = layout.directory(StoreLayout.objects).appending(StoreLayout.object(object))
        return try OwnedDescriptor(opening: file, O_RDONLY | O_NOFOLLOW)
    }

    /// The content of the file at a path; `nil` where there is none.
    ///
    /// - Throws: `StoreError.damaged` where it is larger than the limit, `.system`.
    package func content(of path: LayerPath, limit: Int) throws(StoreError) -> [UInt8]? {
        guard let file = try open(path) else { return nil }
        return try file.readAll(limit: limit)
    }

    /// Walks as the kernel would, never out of the tree.
    private func resolve(
        _ path: LayerPath,
        following: Bool
    ) -> (node: TreeNode, path: LayerPath)? {
        var directories = [tree.root]
        var names: [PathBytes] = []
        var rest = Array(path.components.reversed())
        var hops = 0
        while let name = rest.popLast() {
            if name == ".." {
                if directories.count > 1 { directories.removeLast() }
                _ = names.popLast()
                continue
            }
            guard let node = directories[directories.count - 1].entries[name] else { return nil }
            switch node {
            case .directory(let directory):
                directories.append(directory)
                names.append(name)
            case .symbolicLink(let target, _) where following || !rest.isEmpty:
                hops += 1
                guard hops <= Self.maximumHops else { return nil }
                if target.bytes.first == UInt8(ascii: "/") {
                    directories = [tree.root]
                    names = []
                }
                rest += target.bytes.split(separator: UInt8(ascii: "/")).reversed()
                    .filter { !$0.elementsEqual(".".utf8) }.compactMap { PathBytes($0) }
            default:
                return rest.isEmpty ? (node, LayerPath.root.appending(names + [name])) : nil
            }
        }
        let directory = directories[directories.count - 1]
        return (.directory(directory), LayerPath.root.appending(names))
    }
}

extension LayerPath {
    /// The path of the given names inside this one.
    fileprivate func appending(_ names: [PathBytes]) -> LayerPath {
        names.reduce(self) { $0.appending($1) }
    }
}
