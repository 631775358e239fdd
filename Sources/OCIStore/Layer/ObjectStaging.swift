// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Synchronization
import SystemPackage

/// Where the objects of layers are made that are written at the same time.
///
///     N/ab/cdef…  those whose directory the store lacks: moved with it, where all of these layers end well
///     N/abcdef…   those whose directory the store has
///
/// A name stands for an object that is complete, or is being made for a layer that is not: an object that
/// is there already may be another layer's, and is no use to the one that finds it.
final class ObjectStaging: Sendable {
    /// The directory's name, relative to the staging directory.
    let place: PathBytes
    /// Which directories the store had before.
    let shards: ObjectShards
    private let objects: OwnedDescriptor
    private let directory: OwnedDescriptor
    /// What is left of a new file's mode by the umask and by the directory's access control list.
    private let modeLeft: UInt32
    /// Which directories there are, here or in the store.
    private let made: Mutex<ObjectShards>

    /// Makes the directory.
    init(
        _ place: PathBytes,
        in staging: borrowing Staging,
        of layout: StoreLayout
    ) throws(StoreError) {
        let objects = try OwnedDescriptor(
            opening: layout.directory(StoreLayout.objects),
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        )
        let shards = try ObjectShards(of: objects)
        let directory = try staging.directory.makeDirectory(place)
        modeLeft = try directory.modeOfNewFile(StoreLayout.stagedContent)
        made = Mutex(shards)
        self.place = place
        self.shards = shards
        self.objects = objects
        self.directory = directory
    }

    /// The numbers of the directories that the store lacked.
    var ownShards: [UInt8] { made.withLock { $0.numbers(beyond: shards) } }

    /// Relative to the staging directory.
    func path(of object: ObjectName) -> PathBytes {
        place.appending(shards.place(of: object))
    }

    /// Whether the store has an object.
    func isInStore(_ object: ObjectName) -> Bool {
        shards.contain(object) && objects.contains(StoreLayout.object(object))
    }

    /// Moves a file of another directory in, which is complete.
    func take(
        _ name: PathBytes,
        of other: borrowing OwnedDescriptor,
        as object: ObjectName
    ) throws(StoreError) {
        try makeShard(of: object)
        try other.rename(name, to: directory, shards.place(of: object))
    }

    /// Makes a small object.
    ///
    /// - Parameters:
    ///   - object: which the store lacks.
    ///   - copies: takes it where another layer has it here.
    /// - Returns: whether it is here, and not among the copies.
    /// - Throws: `StoreError.system`.
    func make(
        _ object: SmallObject,
        orIn copies: borrowing OwnedDescriptor
    ) throws(StoreError) -> Bool {
        try makeShard(of: object.name)
        do throws(StoreError) {
            try make(object, at: shards.place(of: object.name), in: directory)
            return true
        } catch {
            guard error.errno == .fileExists else { throw error }
            try make(object, at: StoreLayout.stagedObject(object.name), in: copies)
            return false
        }
    }

    private func make(
        _ object: SmallObject,
        at path: PathBytes,
        in directory: borrowing OwnedDescriptor
    ) throws(StoreError) {
        // One call less for each of many small files; attributes need a mode that lets them be set.
        let mode = object.metadata.appliedMode
        let isSimple = object.metadata.appliedAttributes.isEmpty && mode & ~modeLeft == 0
        let file = try OwnedDescriptor(
            opening: path,
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
    }

    /// Makes the directory of an object, unless the store or this one has it.
    private func makeShard(of object: ObjectName) throws(StoreError) {
        let result = made.withLock { made -> Result<Void, StoreError> in
            guard !made.contain(object) else { return .success(()) }
            return Result { () throws(StoreError) in
                _ = try directory.makeDirectory(StoreLayout.shard(object.shard))
                made.insert(object)
            }
        }
        try result.get()
    }
}

/// A file of which everything is known.
struct SmallObject: Sendable {
    let name: ObjectName
    let metadata: InodeMetadata
    let content: [UInt8]
}
