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
    /// What is handed over at once: the other thread is woken less often, and soon enough.
    private static let batchSize = (bytes: 256 * 1024, files: 128)
    private static let zeros = [UInt8](repeating: 0, count: 64 * 1024)

    private let place: OwnedDescriptor
    private let staging: ObjectStaging
    /// Which directories the store had before, or were made here.
    private var made: ObjectShards
    private var batch: [ObjectStaging.SmallObject] = []
    private var batchBytes = 0
    private var buffer: [UInt8] = []
    private var content: OwnedDescriptor?
    private var hash = SHA256()
    private var size: Int64 = 0

    /// A writer that stages objects in a new directory of `place`.
    init(store layout: StoreLayout, place: consuming OwnedDescriptor) throws(StoreError) {
        let staging = try ObjectStaging(store: layout, place: place)
        self.made = staging.shards
        self.staging = staging
        self.place = place
    }

    /// Nothing is made any more when the place goes.
    deinit { staging.cancel() }

    /// Which directories the store had before.
    var shards: ObjectShards { staging.shards }

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
        } else {
            try stageBuffer(as: object, metadata)
        }
        return FileContent(size: size, digest: digest, object: object)
    }

    /// Ends the last file; waits until all are there.
    ///
    /// - Returns: what was staged.
    /// - Throws: `StoreError.system`.
    mutating func finishAll() throws(StoreError) -> [ObjectName] {
        try handOver()
        return try staging.finish()
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

    private mutating func stage(
        _ file: consuming OwnedDescriptor,
        as object: ObjectName,
        _ metadata: InodeMetadata
    ) throws(StoreError) {
        // The layer may have the same file twice.
        guard !staging.contains(object) else { return try place.unlink(StoreLayout.stagedContent) }
        try file.apply(metadata)
        try makeShard(object)
        try staging.take(StoreLayout.stagedContent, of: place, as: object)
        file.beginWriting()
    }

    private mutating func stageBuffer(
        as object: ObjectName,
        _ metadata: InodeMetadata
    ) throws(StoreError) {
        try makeShard(object)
        batch.append(.init(name: object, metadata: metadata, content: buffer))
        batchBytes += buffer.count
        guard batchBytes >= Self.batchSize.bytes || batch.count >= Self.batchSize.files else { return }
        try handOver()
    }

    private mutating func handOver() throws(StoreError) {
        guard !batch.isEmpty else { return }
        try staging.make(batch)
        batch.removeAll(keepingCapacity: true)
        batchBytes = 0
    }

    /// Makes the directory that the object is staged in, unless the store has it.
    private mutating func makeShard(_ object: ObjectName) throws(StoreError) {
        guard !made.contain(object) else { return }
        try staging.makeShard(of: object)
        made.insert(object)
    }

    private mutating func reset() {
        // The buffer that was handed over is another's now.
        buffer = []
        hash = SHA256()
        size = 0
    }
}
