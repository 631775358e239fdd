// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore

/// The configuration layer while it is put together, over the tree of the layers below.
///
/// What is there already stays, as it does for the scripts of packages: they copy their defaults
/// only to where there is nothing.
struct SystemLayer {
    /// What the layer has at a path.
    enum Entry {
        case directory(mode: UInt32)
        case file([UInt8], mode: UInt32)
        case symbolicLink([UInt8])
        case removal
    }

    /// What packages and wheels brought.
    let tree: StoredTree
    /// When everything here was last modified.
    let time: ModificationTime

    private var entries: [[UInt8]: Entry] = [:]

    init(over tree: StoredTree, time: ModificationTime) {
        self.tree = tree
        self.time = time
    }

    /// What is at a path below; a path is one of this program's own, or was checked.
    func kind(_ path: String, following: Bool = true) -> StoredTree.Kind? {
        (try? LayerPath(path.utf8)).flatMap { tree.kind(of: $0, following: following) }
    }

    /// Whether anything is at a path, below or in this layer.
    func has(_ path: String) -> Bool {
        entries[Array(path.utf8)] != nil || kind(path, following: false) != nil
    }

    /// The names in a directory below, those that are no text left out.
    func names(in path: String) -> [String] {
        guard let path = try? LayerPath(path.utf8) else { return [] }
        return tree.names(in: path).compactMap { String(validating: $0.bytes, as: UTF8.self) }
    }

    /// The content of a file below; `nil` where there is none.
    func content(_ path: String, limit: Int = 4 << 20) throws(SystemError) -> [UInt8]? {
        guard let checked = try? LayerPath(path.utf8) else { return nil }
        do throws(StoreError) {
            return try tree.content(of: checked, limit: limit)
        } catch {
            if case .damaged = error { throw .file(path, .tooLarge) }
            throw .store(error)
        }
    }

    /// Makes a directory unless there is one.
    mutating func makeDirectory(_ path: String, mode: UInt32 = 0o755) {
        guard !has(path) else { return }
        entries[Array(path.utf8)] = .directory(mode: mode)
    }

    /// Gives a directory its mode, be it there or not.
    mutating func setDirectory(_ path: String, mode: UInt32) {
        entries[Array(path.utf8)] = .directory(mode: mode)
    }

    /// Writes a file, over what is there.
    mutating func write(_ content: [UInt8], to path: String, mode: UInt32 = 0o644) {
        entries[Array(path.utf8)] = .file(content, mode: mode)
    }

    /// Writes a file, over what is there.
    mutating func write(_ text: String, to path: String, mode: UInt32 = 0o644) {
        write(Array(text.utf8), to: path, mode: mode)
    }

    /// Makes a symbolic link, over what is there.
    mutating func link(_ path: String, to target: String) {
        entries[Array(path.utf8)] = .symbolicLink(Array(target.utf8))
    }

    /// Copies a file, where there is one and nothing at its new path.
    mutating func copy(_ source: String, to path: String) throws(SystemError) {
        guard !has(path), let content = try content(source) else { return }
        write(content, to: path)
    }

    /// Removes what is below at a path.
    mutating func remove(_ path: String) {
        entries[Array(path.utf8)] = .removal
    }

    /// Publishes the layer, its entries in the order of their paths.
    consuming func publish(as key: Digest, in store: Store) throws(SystemError) {
        let sorted = entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        do throws(StoreError) {
            var writer = try LayerWriter(in: store)
            for (bytes, entry) in sorted {
                guard let path = try? LayerPath(bytes) else { continue }
                switch entry {
                case .file(let content, let mode):
                    try writer.append(content, at: path, InodeMetadata(mode: mode, time: time))
                case .directory(let mode):
                    let metadata = InodeMetadata(mode: mode, time: time)
                    try writer.append(LayerEntry(path: path, kind: .directory, metadata: metadata))
                case .symbolicLink(let target):
                    guard let target = PathBytes(target) else { continue }
                    let metadata = InodeMetadata(mode: 0o777, time: time)
                    let kind = LayerEntry.Kind.symbolicLink(target)
                    try writer.append(LayerEntry(path: path, kind: kind, metadata: metadata))
                case .removal:
                    let metadata = InodeMetadata(mode: 0, time: time)
                    try writer.append(LayerEntry(path: path, kind: .whiteout, metadata: metadata))
                }
            }
            try writer.publish(as: key)
        } catch {
            throw .store(error)
        }
    }
}
