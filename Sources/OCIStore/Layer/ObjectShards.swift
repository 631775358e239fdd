// SPDX-License-Identifier: MIT OR Apache-2.0

/// Which of the 256 directories for objects the store had when a layer was begun.
///
/// A directory that it lacks is made beside the layer and moved as one, however many files are in it;
/// and nothing that would be in it has to be looked for.
struct ObjectShards: Sendable {
    private var isThere = [Bool](repeating: false, count: 256)

    /// Looks at the store's `objects`.
    init(of objects: borrowing OwnedDescriptor) throws(StoreError) {
        var listing = try DirectoryListing(of: objects)
        while let entry = try listing.next() {
            guard let number = UInt8(String(decoding: entry.name.bytes, as: UTF8.self), radix: 16)
            else { continue }
            isThere[Int(number)] = true
        }
    }

    /// Whether the store had the directory of an object.
    func contain(_ object: ObjectName) -> Bool { isThere[Int(object.shard)] }

    /// Counts the directory of an object as there.
    mutating func insert(_ object: ObjectName) { isThere[Int(object.shard)] = true }

    /// The numbers of the directories that others lack.
    func numbers(beyond others: ObjectShards) -> [UInt8] {
        (0...UInt8.max).filter { isThere[Int($0)] && !others.isThere[Int($0)] }
    }

    /// Where an object is staged, relative to the directory for that.
    func place(of object: ObjectName) -> PathBytes {
        contain(object) ? StoreLayout.stagedObject(object) : StoreLayout.object(object)
    }
}
