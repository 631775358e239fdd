// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "COPY" and "ADD".

import Dockerfile
import OCIStore
import SystemPackage

import struct Crypto.SHA256

/// What a `COPY` or an `ADD` comes to: a layer of the plain files, and one of each file that only
/// `cross-fetch` may open or download, in the order of the instruction.
struct CopiedLayers: ~Copyable {
    private let step: CopyStep
    /// The key of the step, which stands for what a download without a checksum brings.
    private let key: Digest
    private let place: DockerfilePlace
    private let store: Store
    private let staging: Staging
    private var keys: [Digest] = []
    private var plain: CopyLayer?
    private var separate: [AddRequest.Source] = []

    init(
        _ step: CopyStep,
        _ key: Digest,
        _ store: Store,
        _ place: DockerfilePlace
    ) throws(StoreError) {
        self.step = step
        self.key = key
        self.place = place
        self.store = store
        staging = try Staging(in: store)
    }

    /// Makes the layers.
    ///
    /// - Parameters:
    ///   - tree: where paths are looked up.
    ///   - root: what the layers are laid over.
    ///   - add: makes layers of what cannot be done here.
    /// - Returns: the keys of the layers, from the bottom up.
    /// - Throws: `ContextError`, `BuildError`, `StoreError`, or what `add` throws.
    consuming func make(
        from tree: borrowing SourceTree,
        over root: borrowing SourceTree,
        add: (AddRequest) throws -> Void
    ) throws -> [Digest] {
        for source in step.sources {
            let part = step.only(source)
            switch source {
            case .path: try take(part, tree.select(part), from: tree, over: root)
            case .document: try copy(part, tree.select(part), from: tree, over: root)
            case .url(let file): try addDownload(file, over: root)
            }
        }
        try finishPlain()
        let missing = separate.filter { !store.hasLayer($0.key) }
        if !missing.isEmpty {
            try add(AddRequest(place: "\(place)", sources: missing))
        }
        return keys
    }

    private mutating func take(
        _ part: CopyStep,
        _ selection: CopySelection,
        from tree: borrowing SourceTree,
        over root: borrowing SourceTree
    ) throws {
        for source in selection.sources {
            if case .file(let entry, let name) = source, case .file = entry.kind,
                step.unpacks != .none,
                try Self.mayBeArchive(tree.file(entry.origin))
            {
                try addArchive(entry, name, from: tree, over: root)
            } else {
                try copy(part, selection.only(source), from: tree, over: root)
            }
        }
    }

    private mutating func copy(
        _ part: CopyStep,
        _ selection: CopySelection,
        from tree: borrowing SourceTree,
        over root: borrowing SourceTree
    ) throws {
        if plain == nil { plain = try CopyLayer(in: store) }
        try plain?.copy(part, selection, from: tree, to: root, place)
    }

    private mutating func finishPlain() throws {
        guard let layer = plain.take() else { return }
        keys.append(try layer.publish())
    }

    private mutating func addArchive(
        _ entry: CopySelection.Entry,
        _ name: PathBytes,
        from tree: borrowing SourceTree,
        over root: borrowing SourceTree
    ) throws {
        let (file, content) = try stage(tree.file(entry.origin))
        try append(
            String(decoding: name.bytes, as: UTF8.self),
            .file(file),
            content,
            name: Array(name.bytes),
            ownMode: entry.mode,
            unpacks: true,
            over: root
        )
    }

    private mutating func addDownload(
        _ file: CopyStep.RemoteFile,
        over root: borrowing SourceTree
    ) throws {
        let words = ["url 1", "\(key)", file.url]
        try append(
            file.url,
            .url(file.url, checksum: file.checksum),
            file.checksum ?? Digest.of(Array(words.joined(separator: "\n").utf8)),
            name: Array(file.name.utf8),
            // As Docker has it: it may be a secret.
            ownMode: 0o600,
            unpacks: step.unpacks == .all,
            over: root
        )
    }

    private mutating func append(
        _ title: String,
        _ origin: AddRequest.Source.Origin,
        _ content: Digest,
        name: [UInt8],
        ownMode: UInt32,
        unpacks: Bool,
        over root: borrowing SourceTree
    ) throws {
        try finishPlain()
        let destination = Array(step.destination.utf8)
        let found = try root.found(destination)
        var path = found?.path.bytes ?? destination
        if found?.isDirectory == true || destination.last == UInt8(ascii: "/") {
            path += "/".utf8 + name
        }
        if !unpacks, try root.found(path)?.isDirectory == true {
            throw BuildError.destination(place, path)
        }
        let owner = try step.owner.map { try FileOwner($0, in: root, place) }
        let source = AddRequest.Source(
            name: title,
            origin: origin,
            content: content,
            path: path,
            directory: unpacks ? found?.path.bytes ?? destination : nil,
            ownMode: ownMode,
            mode: step.mode,
            owner: owner.map { AddRequest.Owner(uid: $0.uid, gid: $0.gid) }
        )
        separate.append(source)
        keys.append(source.key)
    }

    /// A copy of a file in the store, which nobody changes, by its path from there; and its digest.
    private func stage(
        _ file: borrowing OwnedDescriptor
    ) throws(StoreError) -> (String, Digest) {
        let copy = try staging.directory.makeFile(PathBytes(spelled: "\(separate.count)"))
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        while case let count = try file.read(into: &buffer, from: 0), count > 0 {
            let bytes = Array(buffer[..<count])
            hash.update(data: bytes)
            try copy.write(bytes)
        }
        var path = copy.path
        _ = path.removePrefix(store.path)
        return (path.string, Digest(hash.finalize()))
    }

    private static func mayBeArchive(
        _ file: borrowing OwnedDescriptor
    ) throws(StoreError) -> Bool {
        var bytes = [UInt8](repeating: 0, count: ArchiveMagic.length)
        var count = 0
        while count < bytes.count {
            let step = try file.read(into: &bytes, from: count)
            guard step > 0 else { break }
            count += step
        }
        return ArchiveMagic.mayBeArchive(Array(bytes[..<count]))
    }
}
