// SPDX-License-Identifier: MIT OR Apache-2.0

import Crypto
import Glibc
import SystemPackage

/// Hashes file contents and compares each with its name.
struct ObjectCheck {
    private let layout: StoreLayout
    /// Those whose name says what they are.
    private(set) var sound: Set<ObjectName> = []
    /// Those whose name says something else, and those nobody could read.
    private(set) var others: Set<ObjectName> = []

    init(_ layout: StoreLayout) {
        self.layout = layout
    }

    mutating func run(
        _ check: inout StoreCheck,
        progress: (Int64) -> Void
    ) throws(StoreError) {
        let path = layout.directory(StoreLayout.objects)
        let objects = try OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        var shards = try DirectoryListing(of: objects)
        while let shard = try shards.next() {
            guard shard.isDirectory, shard.name.count == 2 else {
                check.damages.append(.stranger(path.appending(shard.name)))
                continue
            }
            let directory = try objects.openDirectory(shard.name)
            var listing = try DirectoryListing(of: directory)
            while let entry = try listing.next() {
                try look(at: entry.name, in: directory, shard.name, &check)
                progress(check.bytes)
            }
        }
    }

    private mutating func look(
        at name: PathBytes,
        in directory: borrowing OwnedDescriptor,
        _ shard: PathBytes,
        _ check: inout StoreCheck
    ) throws(StoreError) {
        let hex = String(decoding: shard.bytes + name.bytes, as: UTF8.self)
        guard let digest = try? Digest("sha256:\(hex)"),
            try directory.status(of: name).st_mode & S_IFMT == S_IFREG
        else {
            check.damages.append(.stranger(directory.path.appending(name)))
            return
        }
        check.objects += 1
        let object = ObjectName(digest)
        do throws(StoreError) {
            let file = try OwnedDescriptor(opening: name, in: directory, O_RDONLY | O_NOFOLLOW)
            let (content, size) = try file.digest()
            check.bytes += size
            if ObjectName(content: content, metadata: try file.metadata()) == object {
                sound.insert(object)
                return
            }
        } catch {
            switch error.errno {
            case .permissionDenied:
                check.unreadable += 1
                others.insert(object)
                return
            // EIO: what the disk cannot read is as good as gone.
            case .ioError: break
            default: throw error
            }
        }
        others.insert(object)
        check.damages.append(.object(directory.path.appending(name)))
        damaged.insert(object)
    }

    /// Those whose name says something else.
    private(set) var damaged: Set<ObjectName> = []
}

extension OwnedDescriptor {
    /// The digest of all that the file has, and how many bytes these are.
    package func digest() throws(StoreError) -> (Digest, size: Int64) {
        var hash = SHA256()
        var size: Int64 = 0
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        while case let count = try read(into: &buffer, from: 0), count > 0 {
            unsafe buffer.withUnsafeBytes {
                unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count]))
            }
            size += Int64(count)
        }
        return (Digest(hash.finalize()), size)
    }
}
