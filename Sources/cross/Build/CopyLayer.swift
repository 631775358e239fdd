// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "COPY"; BuildKit's copy where the reference is silent.

import Dockerfile
import OCIStore

/// A layer of files that are copied into a root filesystem.
struct CopyLayer: ~Copyable {
    private var writer: LayerWriter
    /// The same copy comes to the same layer, whenever it is made.
    private static let time = ModificationTime(seconds: 0)

    /// Starts a layer.
    ///
    /// - Throws: `StoreError`.
    init(in store: Store) throws(StoreError) {
        writer = try LayerWriter(in: store)
    }

    /// Publishes the layer and returns its key.
    ///
    /// - Throws: `StoreError`.
    consuming func publish() throws(StoreError) -> Digest { try writer.publish() }

    /// Adds a directory that is not there, and those above it by way of the store.
    mutating func makeDirectory(_ path: String, _ root: borrowing SourceTree) throws {
        guard try root.found(path.utf8) == nil else { return }
        let metadata = InodeMetadata(mode: 0o755, time: Self.time)
        try writer.append(
            LayerEntry(path: try LayerPath(path.utf8), kind: .directory, metadata: metadata)
        )
    }

    /// Adds what a step copies.
    ///
    /// - Throws: `ContextError`, `BuildError`, or `StoreError`.
    mutating func copy(
        _ step: CopyStep,
        _ selection: CopySelection,
        from tree: borrowing SourceTree,
        to root: borrowing SourceTree,
        _ place: DockerfilePlace
    ) throws {
        let owner = try step.owner.map { try FileOwner($0, in: root, place) } ?? .root
        let destination = Array(step.destination.utf8)
        let isDirectory = try root.found(destination)?.isDirectory == true
        for entry in try selection.entries(for: step.destination, isDirectory: isDirectory) {
            let path = destination + "/".utf8 + entry.path.map(\.bytes).joined(separator: "/".utf8)
            let found = try root.found(path)
            if found?.isDirectory == true {
                // What is there already stays as it is.
                guard entry.kind != .directory else { continue }
                throw BuildError.destination(place, path)
            }
            guard found == nil || entry.kind != .directory else {
                throw BuildError.destination(place, path)
            }
            // A link at the end of the destination itself is followed.
            let target = entry.path.isEmpty ? found?.path.bytes ?? path : path
            try add(entry, at: target, step.mode, owner, from: tree, place)
        }
        for case .document(let name, let content) in step.sources {
            let intoDirectory = isDirectory || destination.last == UInt8(ascii: "/")
            let path = intoDirectory ? destination + "/\(name)".utf8 : destination
            let mode = step.mode?.applied(to: 0o644, isDirectory: false) ?? 0o644
            try writer.append(
                Array(content.utf8),
                at: try Self.layerPath(path, place),
                owner.metadata(mode: mode, Self.time)
            )
        }
    }

    private mutating func add(
        _ entry: CopySelection.Entry,
        at path: [UInt8],
        _ mode: FileMode?,
        _ owner: FileOwner,
        from tree: borrowing SourceTree,
        _ place: DockerfilePlace
    ) throws {
        let path = try Self.layerPath(path, place)
        let isDirectory = entry.kind == .directory
        // The destination itself is made as any directory is, whatever the source's mode.
        let own = isDirectory && entry.path.isEmpty ? 0o755 : entry.mode
        let mode = mode?.applied(to: own, isDirectory: isDirectory) ?? own
        let metadata = owner.metadata(mode: mode, Self.time)
        switch entry.kind {
        case .directory:
            try writer.append(LayerEntry(path: path, kind: .directory, metadata: metadata))
        case .fifo: try writer.append(LayerEntry(path: path, kind: .fifo, metadata: metadata))
        case .symbolicLink(let target):
            let metadata = owner.metadata(mode: 0o777, Self.time)
            let kind = LayerEntry.Kind.symbolicLink(target)
            try writer.append(LayerEntry(path: path, kind: kind, metadata: metadata))
        case .file:
            try writer.appendContent(of: tree.file(entry.origin))
            try writer.finishFile(path, metadata)
        }
    }

    /// A path that a layer can name: one that looks like a mark of the format it cannot.
    private static func layerPath(
        _ bytes: [UInt8],
        _ place: DockerfilePlace
    ) throws(BuildError) -> LayerPath {
        guard let name = try? LayerName(bytes), case .path(let path) = name else {
            throw .name(place, bytes)
        }
        return path
    }
}

/// Who owns what is copied; recorded, since files of the store are the caller's.
struct FileOwner {
    let uid: Int64
    let gid: Int64

    static let root = FileOwner(uid: 0, gid: 0)

    private init(uid: Int64, gid: Int64) {
        self.uid = uid
        self.gid = gid
    }

    /// Reads `user`, `user:group`, names or numbers; a user alone is his own group.
    ///
    /// - Throws: `BuildError.owner` where the root filesystem does not know a name.
    init(_ text: String, in root: borrowing SourceTree, _ place: DockerfilePlace) throws {
        let parts = text.utf8.split(
            separator: UInt8(ascii: ":"),
            maxSplits: 1,
            omittingEmptySubsequences: false
        ).map { String(Substring($0)) }
        let accounts = try ImageAccounts(in: root)
        guard let uid = accounts.user(parts[0]) else { throw BuildError.owner(place, parts[0]) }
        self.uid = Int64(uid)
        guard parts.count == 2 else {
            gid = Int64(uid)
            return
        }
        guard let group = accounts.group(parts[1]) else {
            throw BuildError.owner(place, parts[1])
        }
        gid = Int64(group)
    }

    func metadata(mode: UInt32, _ time: ModificationTime) -> InodeMetadata {
        InodeMetadata(mode: mode, uid: uid, gid: gid, time: time)
    }
}
