// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Glibc
import Synchronization
import SystemPackage

/// The objects of one layer on their way into the store, in a directory of their own.
///
/// Small ones are made by threads of its own: to make a file takes the kernel longer than it takes to read
/// one out of an archive. `finish` waits for them.
final class ObjectStaging: Sendable {
    /// A small file of which everything is known.
    struct SmallObject: Sendable {
        let name: ObjectName
        let metadata: InodeMetadata
        let content: [UInt8]
    }

    private struct State {
        var batches = 0
        var staged: [ObjectName] = []
        var failure: StoreError?
        var isCancelled = false
    }

    private static let threads = 2
    /// How many batches of small objects may wait, which bounds memory.
    private static let batches = 4

    /// Which directories the store had before.
    let shards: ObjectShards
    private let objects: OwnedDescriptor
    private let directory: OwnedDescriptor
    /// What is left of a new file's mode by the umask and by the directory's access control list.
    private let modeLeft: UInt32
    private let state = Mutex(State())
    /// Serial ones: each has a thread at once, whatever the shared threads wait for.
    private let queues = (0..<threads).map { _ in DispatchQueue(label: "objects") }
    private let places = DispatchSemaphore(value: 0)
    private let working = DispatchGroup()

    /// Makes the directory in `place`.
    init(
        store layout: StoreLayout,
        place: borrowing OwnedDescriptor
    ) throws(StoreError) {
        objects = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.objects),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        shards = try ObjectShards(of: objects)
        directory = try place.makeDirectory(StoreLayout.stagedObjects)
        modeLeft = try place.modeOfNewFile(StoreLayout.stagedContent)
        // Dispatch stops a program that drops a semaphore below the value it started with.
        for _ in 0..<Self.batches { places.signal() }
    }

    /// Makes the directory that an object is staged in, where the store lacks it.
    func makeShard(of object: ObjectName) throws(StoreError) {
        _ = try directory.makeDirectory(StoreLayout.shard(object))
    }

    /// Whether the store or the layer has an object already; small ones are not looked for in the layer.
    func contains(_ object: ObjectName) -> Bool {
        isInStore(object) || directory.contains(shards.place(of: object))
    }

    /// Moves a complete file of `place` in.
    func take(
        _ name: PathBytes,
        of place: borrowing OwnedDescriptor,
        as object: ObjectName
    ) throws(StoreError) {
        try place.rename(name, to: directory, shards.place(of: object))
        state.withLock { $0.staged.append(object) }
    }

    /// Has small objects made; those that are in the store, or twice in the layer, once.
    ///
    /// - Throws: what went wrong with some that came earlier.
    func make(_ batch: [SmallObject]) throws(StoreError) {
        places.wait()
        let (number, failure) = state.withLock { state in
            state.batches += 1
            return (state.batches, state.failure)
        }
        if let failure {
            places.signal()
            throw failure
        }
        queues[number % Self.threads].async(group: working) { [self] in
            defer { places.signal() }
            do throws(StoreError) {
                try makeAll(batch)
            } catch {
                state.withLock { $0.failure = $0.failure ?? error }
            }
        }
    }

    /// Waits until all objects are made.
    ///
    /// - Returns: what was staged.
    /// - Throws: what went wrong.
    func finish() throws(StoreError) -> [ObjectName] {
        working.wait()
        let (staged, failure) = state.withLock { ($0.staged, $0.failure) }
        if let failure { throw failure }
        return staged
    }

    /// Makes no more, and waits until nothing is being made.
    func cancel() {
        state.withLock { $0.isCancelled = true }
        working.wait()
    }

    private func makeAll(_ batch: [SmallObject]) throws(StoreError) {
        guard state.withLock({ $0.failure == nil && !$0.isCancelled }) else { return }
        var made: [ObjectName] = []
        made.reserveCapacity(batch.count)
        for object in batch where !isInStore(object.name) {
            if try make(object) { made.append(object.name) }
        }
        state.withLock { $0.staged += made }
    }

    private func isInStore(_ object: ObjectName) -> Bool {
        shards.contain(object) && objects.contains(StoreLayout.object(object))
    }

    /// False where the layer has the same file twice.
    private func make(_ object: SmallObject) throws(StoreError) -> Bool {
        // One call less for each of many small files; attributes need a mode that lets them be set.
        let mode = object.metadata.appliedMode
        let isSimple = object.metadata.appliedAttributes.isEmpty && mode & ~modeLeft == 0
        do throws(StoreError) {
            let file = try OwnedDescriptor(
                opening: shards.place(of: object.name),
                in: directory,
                O_WRONLY | O_CREAT | O_EXCL,
                mode: isSimple ? mode : 0o600
            )
            try file.write(object.content)
            if isSimple {
                try file.apply(object.metadata.time)
            } else {
                try file.apply(object.metadata)
            }
            return true
        } catch {
            guard error.errno == .fileExists else { throw error }
            return false
        }
    }
}
