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
    private let staging: OwnedDescriptor
    private let staged: OwnedDescriptor
    /// What is left of a new file's mode by the umask and by the directory's access control list.
    private let modeLeft: UInt32
    private var buffer: [UInt8] = []
    private var content: OwnedDescriptor?
    private var hash = SHA256()
    private var size: Int64 = 0

    /// A writer that stages objects in a new directory of `staging`.
    init(store layout: StoreLayout, staging: borrowing OwnedDescriptor) throws(StoreError) {
        let objects = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.objects),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        let content = try staging.openDirectory(".")
        let staged = try staging.makeDirectory(StoreLayout.stagedObjects)
        self.modeLeft = try content.modeOfNewFile(StoreLayout.stagedContent)
        self.objects = objects
        self.staging = content
        self.staged = staged
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
        } else if !objects.contains(StoreLayout.object(object)) {
            try stageBuffer(as: object, metadata)
        }
        return FileContent(size: size, digest: digest, object: object)
    }

    /// Moves every staged object to its place; a crash in between leaves whole objects only.
    consuming func publish() throws(StoreError) {
        var listing = try DirectoryListing(of: staged)
        while let entry = try listing.next() {
            let hex = String(decoding: entry.name.bytes, as: UTF8.self)
            guard let digest = try? Digest("sha256:\(hex)") else { continue }
            let object = ObjectName(digest)
            do throws(StoreError) {
                try staged.rename(entry.name, to: objects, StoreLayout.object(object))
            } catch {
                guard error.errno == .noSuchFileOrDirectory else { throw error }
                _ = try objects.openOrMakeDirectory(StoreLayout.shard(object))
                try staged.rename(entry.name, to: objects, StoreLayout.object(object))
            }
        }
    }

    /// From here on the content is on disk.
    private mutating func spill() throws(StoreError) {
        guard content == nil else { return }
        let file = try OwnedDescriptor(
            opening: StoreLayout.stagedContent,
            in: staging,
            O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW,
            mode: 0o600
        )
        unsafe buffer.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        try file.write(buffer)
        buffer.removeAll(keepingCapacity: true)
        content = consume file
    }

    private func stage(
        _ file: consuming OwnedDescriptor,
        as object: ObjectName,
        _ metadata: InodeMetadata
    ) throws(StoreError) {
        if objects.contains(StoreLayout.object(object)) {
            try staging.unlink(StoreLayout.stagedContent)
        } else {
            try file.apply(metadata)
            try staging.rename(
                StoreLayout.stagedContent,
                to: staged,
                StoreLayout.stagedObject(object)
            )
        }
    }

    private func stageBuffer(as object: ObjectName, _ metadata: InodeMetadata) throws(StoreError) {
        // One call less for each of many small files; attributes need a mode that lets them be set.
        let mode = metadata.appliedMode
        let isSimple = metadata.appliedAttributes.isEmpty && mode & ~modeLeft == 0
        do throws(StoreError) {
            let file = try OwnedDescriptor(
                opening: StoreLayout.stagedObject(object),
                in: staged,
                O_WRONLY | O_CREAT | O_EXCL,
                mode: isSimple ? mode : 0o600
            )
            try file.write(buffer)
            if isSimple { try file.apply(metadata.time) } else { try file.apply(metadata) }
        } catch {
            // The layer has the same file twice.
            guard error.errno == .fileExists else { throw error }
        }
    }

    private mutating func reset() {
        buffer.removeAll(keepingCapacity: true)
        hash = SHA256()
        size = 0
    }
}
