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

    private let objects: LayerObjects
    /// What came before: the layer may have the same file twice.
    private var known: Set<ObjectName> = []
    private var batch: [SmallObject] = []
    private var batchBytes = 0
    private var buffer: [UInt8] = []
    private var content: OwnedDescriptor?
    private var hash = SHA256()
    private var size: Int64 = 0

    /// A writer of a layer's objects.
    init(to objects: LayerObjects) { self.objects = objects }

    /// Nothing is made any more when the layer goes.
    deinit { objects.cancel() }

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
        let isNew = known.insert(object).inserted
        if let content = content.take() {
            if isNew {
                try objects.take(content, as: object, metadata)
            } else {
                try objects.dropContent()
            }
        } else if isNew {
            batch.append(SmallObject(name: object, metadata: metadata, content: buffer))
            batchBytes += buffer.count
            if batchBytes >= Self.batchSize.bytes || batch.count >= Self.batchSize.files {
                try handOver()
            }
        }
        return FileContent(size: size, digest: digest, object: object)
    }

    /// Ends the last file; waits until all are there.
    ///
    /// - Returns: what was staged.
    /// - Throws: `StoreError.system`.
    mutating func finishAll() throws(StoreError) -> LayerObjects.Staged {
        try handOver()
        return try objects.finish()
    }

    /// From here on the content is on disk.
    private mutating func spill() throws(StoreError) {
        guard content == nil else { return }
        let file = try objects.makeContent()
        unsafe buffer.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        try file.write(buffer)
        buffer.removeAll(keepingCapacity: true)
        content = consume file
    }

    private mutating func handOver() throws(StoreError) {
        guard !batch.isEmpty else { return }
        try objects.make(batch)
        batch.removeAll(keepingCapacity: true)
        batchBytes = 0
    }

    private mutating func reset() {
        // The buffer that was handed over is another's now.
        buffer = []
        hash = SHA256()
        size = 0
    }
}
