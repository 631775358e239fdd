// SPDX-License-Identifier: MIT OR Apache-2.0

import Crypto
import Glibc
import SystemPackage

/// Turns the contents of one file after the other into staged objects.
///
/// A small file is kept in memory until its name is known, so nothing is written that the store
/// has; a large one goes to disk as it comes and is dropped again if the store has it.
struct ObjectWriter: ~Copyable {
    /// Most files of a system are smaller, and a buffer of this size is small beside a decoder's.
    private static let bufferSize = 1024 * 1024
    private static let zeros = [UInt8](repeating: 0, count: 64 * 1024)

    private let objects: OwnedDescriptor
    private let place: OwnedDescriptor
    private let directory: OwnedDescriptor
    /// What is left of a new file's mode by the umask and by the directory's access control list.
    private let modeLeft: UInt32
    /// Which directories the store had before.
    let shards: ObjectShards
    /// Which directories were made here.
    private var made: ObjectShards
    /// What was staged.
    private(set) var staged: [ObjectName] = []
    private var buffer: [UInt8] = []
    private var content: OwnedDescriptor?
    private var hash = SHA256()
    private var size: Int64 = 0

    /// A writer that stages objects in a new directory of `place`.
    init(store layout: StoreLayout, place: consuming OwnedDescriptor) throws(StoreError) {
        let objects = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.objects),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        let shards = try ObjectShards(of: objects)
        let directory = try place.makeDirectory(StoreLayout.stagedObjects)
        self.modeLeft = try place.modeOfNewFile(StoreLayout.stagedContent)
        self.shards = shards
        self.made = shards
        self.directory = directory
        self.objects = objects
        self.place = place
    }

    /// Adds bytes to the content.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        size += Int64(bytes.count)
        if content == nil, buffer.count + bytes.count <= Self.bufferSize {
            unsafe buffer.append(contentsOf: bytes)
            return
        }
        try spill()
        unsafe hash.update(bufferPointer: bytes)
        try unsafe content?.write(bytes)
    }

    /// Adds zeros to the content, which take no space on disk.
    mutating func appendHole(_ count: Int64) throws(StoreError) {
        try spill()
        size += count
        var rest = count
        while rest > 0 {
            let step = Int(min(rest, Int64(Self.zeros.count)))
            unsafe Self.zeros.withUnsafeBytes {
                unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<step]))
            }
            rest -= Int64(step)
        }
        guard let raw = content?.raw, let path = content?.path else { return }
        try systemCall("ftruncate", path) { ftruncate(raw, Int(size)) }
        try systemCall("lseek", path) { lseek(raw, Int(size), SEEK_SET) }
    }

    /// Ends the content; the next `append` starts another file.
    ///
    /// - Parameter metadata: what the object carries beside its content.
    /// - Returns: the object, which is staged now or was in the store before.
    /// - Throws: `StoreError.system`.
    mutating func finish(_ metadata: InodeMetadata) throws(StoreError) -> FileContent {
        defer { reset() }
        if content == nil {
            unsafe buffer.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        }
        let digest = Digest(hash.finalize())
        let object = ObjectName(content: digest, metadata: metadata)
        if let content = content.take() {
            try stage(content, as: object, metadata)
        } else if !isInStore(object) {
            try stageBuffer(as: object, metadata)
        }
        return FileContent(size: size, digest: digest, object: object)
    }

    /// From here on the content is on disk.
    private mutating func spill() throws(StoreError) {
        guard content == nil else { return }
        let file = try OwnedDescriptor(
            opening: StoreLayout.stagedContent,
            in: place,
            O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW,
            mode: 0o600
        )
        unsafe buffer.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        try file.write(buffer)
        buffer.removeAll(keepingCapacity: true)
        content = consume file
    }

    private func isInStore(_ object: ObjectName) -> Bool {
        shards.contain(object) && objects.contains(StoreLayout.object(object))
    }

    private mutating func stage(
        _ file: consuming OwnedDescriptor,
        as object: ObjectName,
        _ metadata: InodeMetadata
    ) throws(StoreError) {
        // The layer may have the same file twice.
        guard !isInStore(object), !directory.contains(shards.place(of: object)) else {
            return try place.unlink(StoreLayout.stagedContent)
        }
        try file.apply(metadata)
        try makeShard(object)
        try place.rename(StoreLayout.stagedContent, to: directory, shards.place(of: object))
        file.beginWriting()
        staged.append(object)
    }

    private mutating func stageBuffer(
        as object: ObjectName,
        _ metadata: InodeMetadata
    ) throws(StoreError) {
        // One call less for each of many small files; attributes need a mode that lets them be set.
        let mode = metadata.appliedMode
        let isSimple = metadata.appliedAttributes.isEmpty && mode & ~modeLeft == 0
        try makeShard(object)
        do throws(StoreError) {
            let file = try OwnedDescriptor(
                opening: shards.place(of: object),
                in: directory,
                O_WRONLY | O_CREAT | O_EXCL,
                mode: isSimple ? mode : 0o600
            )
            try file.write(buffer)
            if isSimple { try file.apply(metadata.time) } else { try file.apply(metadata) }
            staged.append(object)
        } catch {
            // The layer has the same file twice.
            guard error.errno == .fileExists else { throw error }
        }
    }

    /// Makes the directory that the object is staged in, unless the store has it.
    private mutating func makeShard(_ object: ObjectName) throws(StoreError) {
        guard !made.contain(object) else { return }
        _ = try directory.makeDirectory(StoreLayout.shard(object))
        made.insert(object)
    }

    private mutating func reset() {
        buffer.removeAll(keepingCapacity: true)
        hash = SHA256()
        size = 0
    }
}
