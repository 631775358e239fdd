// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: libarchive, archive_entry(3).

import CArchive
import Glibc
package import OCIStore

/// What the headers of an entry say, as they say it: nothing is checked yet.
package struct ArchiveEntry {
    /// What kind of thing an entry is.
    package enum Kind {
        /// A directory.
        case directory
        /// A file.
        case file
        /// A symbolic link.
        case symbolicLink(target: [UInt8])
        /// Another name of an entry.
        case hardLink(target: [UInt8])
        /// A named pipe.
        case fifo
        /// A device.
        case device(isBlock: Bool, major: UInt64, minor: UInt64)
        /// Something else.
        case unknown
    }

    /// Any bytes.
    package let name: [UInt8]
    /// What kind of thing it is.
    package let kind: Kind
    /// Of the content with its holes, in bytes; may be negative.
    package let size: Int64
    /// Permission bits and more.
    package let mode: UInt32
    /// The owner's number.
    package let uid: Int64
    /// The group's number.
    package let gid: Int64
    /// When it was modified, since 1970.
    package let seconds: Int64
    /// What comes on top of the seconds.
    package let nanoseconds: Int64
    /// Extended attributes.
    package let attributes: [ExtendedAttribute]

    /// Copies what libarchive has; that is valid until the next header is read.
    init(_ entry: OpaquePointer) {
        self.name = unsafe Self.bytes(archive_entry_pathname(entry)) ?? []
        self.kind = unsafe Self.kind(of: entry)
        self.size = unsafe archive_entry_size(entry)
        self.mode = unsafe UInt32(archive_entry_mode(entry))
        self.uid = unsafe archive_entry_uid(entry)
        self.gid = unsafe archive_entry_gid(entry)
        self.seconds = unsafe Int64(archive_entry_mtime(entry))
        self.nanoseconds = unsafe Int64(archive_entry_mtime_nsec(entry))
        self.attributes = unsafe Self.attributes(of: entry)
    }

    private static func kind(of entry: OpaquePointer) -> Kind {
        // tar(5): what a hard link names may be of any type, so its own type says nothing.
        if let target = unsafe bytes(archive_entry_hardlink(entry)) {
            return .hardLink(target: target)
        }
        let type = unsafe archive_entry_filetype(entry)
        switch type {
        case S_IFDIR: return .directory
        case S_IFREG: return .file
        case S_IFLNK: return .symbolicLink(target: unsafe bytes(archive_entry_symlink(entry)) ?? [])
        case S_IFIFO: return .fifo
        case S_IFBLK, S_IFCHR:
            return unsafe .device(
                isBlock: type == S_IFBLK,
                major: UInt64(archive_entry_rdevmajor(entry)),
                minor: UInt64(archive_entry_rdevminor(entry))
            )
        default: return .unknown
        }
    }

    private static func attributes(of entry: OpaquePointer) -> [ExtendedAttribute] {
        guard unsafe archive_entry_xattr_reset(entry) > 0 else { return [] }
        var attributes: [ExtendedAttribute] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while unsafe archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK {
            let value = unsafe UnsafeRawBufferPointer(start: value, count: size)
            attributes.append(
                ExtendedAttribute(name: unsafe bytes(name) ?? [], value: unsafe Array(value))
            )
        }
        return attributes
    }

    private static func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8]? {
        guard let text = unsafe text else { return nil }
        return unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
}
