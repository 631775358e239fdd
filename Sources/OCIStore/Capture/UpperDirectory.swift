// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Documentation/filesystems/overlayfs.rst of the Linux kernel, "Whiteouts and opaque directories".

import Glibc
import SystemPackage

/// What a command wrote over a root filesystem, as overlayfs's `userxattr` keeps it, made into a layer.
///
/// Whoever wrote it may have been hostile, and is gone. Every call is on one name inside a directory
/// that is held open, and no symbolic link is followed.
struct UpperDirectory: ~Copyable {
    /// As much as a layer of a stranger's may hold, holes included.
    private static let maximumBytes: Int64 = 64 << 30

    private var writer: LayerWriter
    /// What was there already, where the directory is a whole tree and not an overlay's upper one.
    private let before: TreeSnapshot?
    /// The files that have several names, by inode.
    private var linked: [ino_t: LayerPath] = [:]
    private var bytes: Int64 = 0

    init(writer: consuming LayerWriter, before: TreeSnapshot? = nil) {
        self.writer = writer
        self.before = before
    }

    /// Takes in everything below a directory, in an order that only depends on the names.
    ///
    /// - Returns: the key of the published layer.
    /// - Throws: `StoreError.notALayer` or `.system`.
    consuming func capture(_ root: borrowing OwnedDescriptor) throws(StoreError) -> Digest {
        try takeContents(of: root, .root)
        return try writer.publish()
    }

    private mutating func takeContents(
        of directory: borrowing OwnedDescriptor,
        _ path: LayerPath
    ) throws(StoreError) {
        let names = try Self.names(in: directory)
        for name in names {
            guard let inner = try Self.path(of: name, in: path) else { continue }
            try take(name, of: directory, inner)
        }
        guard let before else { return }
        let removed = Set(before.names(in: path)).subtracting(names)
        for name in removed.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
            guard let inner = try Self.path(of: name, in: path) else { continue }
            try append(.whiteout, inner, .impliedDirectory)
        }
    }

    /// The path of a name as a layer says it; `nil` where it cannot be said, for it is called like a mark
    /// of the layer format.
    private static func path(
        of name: PathBytes,
        in directory: LayerPath
    ) throws(StoreError) -> LayerPath? {
        let bytes = directory.appending(name).bytes
        do throws(LayerPathError) {
            guard case .path(let path) = try LayerName(bytes) else { return nil }
            return path
        } catch {
            guard error != .invalidWhiteout else { return nil }
            throw .notALayer(.path(error), path: bytes)
        }
    }

    /// All at once, so that a deep tree needs one descriptor a level.
    private static func names(
        in directory: borrowing OwnedDescriptor
    ) throws(StoreError) -> [PathBytes] {
        var listing = try DirectoryListing(of: directory)
        var names: [PathBytes] = []
        while let entry = try listing.next() { names.append(entry.name) }
        return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }

    private mutating func take(
        _ name: PathBytes,
        of directory: borrowing OwnedDescriptor,
        _ path: LayerPath
    ) throws(StoreError) {
        let status = try directory.status(of: name)
        let isUnchanged = before?.has(status, at: path) ?? false
        if status.st_mode & S_IFMT == S_IFDIR {
            let inner = try directory.openWhateverMode(name, status)
            return isUnchanged
                ? try takeContents(of: inner, path) : try takeDirectory(inner, status, path)
        }
        guard !isUnchanged else { return }
        switch status.st_mode & S_IFMT {
        case S_IFREG: try takeFile(name, of: directory, status, path)
        case S_IFLNK:
            let target = try directory.target(of: name, size: Int(status.st_size))
            try append(.symbolicLink(target), path, InodeMetadata(status))
        case S_IFIFO: try append(.fifo, path, InodeMetadata(status))
        case S_IFCHR where status.st_rdev == 0:
            try append(.whiteout, path, InodeMetadata(status))
        // A socket means nothing without the program that listens, and no device was ever made.
        default: break
        }
    }

    private mutating func takeDirectory(
        _ directory: borrowing OwnedDescriptor,
        _ status: stat,
        _ path: LayerPath
    ) throws(StoreError) {
        let attributes = try directory.attributes()
        let metadata = InodeMetadata(status, attributes)
        try append(.directory, path, metadata)
        if attributes.contains(.opaque) { try append(.opaque, path, metadata) }
        try takeContents(of: directory, path)
    }

    private mutating func takeFile(
        _ name: PathBytes,
        of directory: borrowing OwnedDescriptor,
        _ status: stat,
        _ path: LayerPath
    ) throws(StoreError) {
        if let first = linked[status.st_ino] {
            return try append(.hardLink(first), path, InodeMetadata(status))
        }
        let file = try directory.openWhateverMode(name, status)
        let attributes = try file.attributes()
        let metadata = InodeMetadata(status, attributes)
        if status.st_size == 0, attributes.contains(where: \.isWhiteout) {
            return try append(.whiteout, path, metadata)
        }
        bytes += Int64(status.st_size)
        guard bytes <= Self.maximumBytes else { throw .notALayer(.tooLarge, path: path.bytes) }
        try takeContent(of: file, size: Int64(status.st_size))
        try writer.finishFile(path, metadata)
        if status.st_nlink > 1 { linked[status.st_ino] = path }
    }

    /// Reads what is data and skips what is hole.
    private mutating func takeContent(
        of file: borrowing OwnedDescriptor,
        size: Int64
    ) throws(StoreError) {
        var buffer = [UInt8](repeating: 0, count: Int(min(size, 256 * 1024)))
        var position: Int64 = 0
        while position < size {
            let start = min(try file.dataStart(from: position) ?? size, size)
            if start > position { try writer.appendHole(start - position) }
            let end = start < size ? min(try file.dataEnd(from: start), size) : size
            position = start
            while position < end {
                let wanted = Int(min(end - position, Int64(buffer.count)))
                let count = try file.read(into: &buffer, wanted, at: position)
                // Nobody writes any more, so a shorter file is a file system's fault.
                guard count > 0 else { throw .system(call: "pread", path: file.path, .ioError) }
                try unsafe buffer.withUnsafeBufferPointer { (bytes) throws(StoreError) in
                    try unsafe writer.appendContent(
                        UnsafeRawBufferPointer(
                            UnsafeBufferPointer(rebasing: bytes[..<count])
                        )
                    )
                }
                position += Int64(count)
            }
        }
    }

    private mutating func append(
        _ kind: LayerEntry.Kind,
        _ path: LayerPath,
        _ metadata: InodeMetadata
    ) throws(StoreError) {
        try writer.append(LayerEntry(path: path, kind: kind, metadata: metadata))
    }
}

extension ExtendedAttribute {
    /// What overlayfs sets on a directory that hides everything below it.
    fileprivate static let opaque = ExtendedAttribute(
        name: Array("user.overlay.opaque".utf8),
        value: Array("y".utf8)
    )

    /// Whether overlayfs would take an empty file with it for a whiteout.
    fileprivate var isWhiteout: Bool { name.elementsEqual("user.overlay.whiteout".utf8) }
}

extension InodeMetadata {
    /// What stat(2) says, less the owner: in a layer everything is root's, as it was for the command.
    fileprivate init(_ status: stat, _ attributes: [ExtendedAttribute] = []) {
        self.init(
            mode: status.st_mode,
            time: ModificationTime(
                seconds: Int64(status.st_mtim.tv_sec),
                nanoseconds: Int64(status.st_mtim.tv_nsec)
            ),
            attributes: attributes.map(\.withoutRoot)
        )
    }
}
