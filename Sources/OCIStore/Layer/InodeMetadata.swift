// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// When something was last modified.
package struct ModificationTime: Hashable, Sendable {
    /// Seconds since 1970; negative before.
    package let seconds: Int64
    /// From 0 to 999,999,999.
    package let nanoseconds: UInt32

    /// A time; nanoseconds outside their range count as 0.
    ///
    /// utimensat(2) gives some values outside the range a meaning of their own.
    package init(seconds: Int64, nanoseconds: Int64 = 0) {
        self.seconds = seconds
        self.nanoseconds = (0..<1_000_000_000).contains(nanoseconds) ? UInt32(nanoseconds) : 0
    }

    /// Access and modification time as utimensat(2) takes them; the former is left alone.
    func withTimes(_ body: (UnsafePointer<timespec>) -> CInt) -> CInt {
        // bits/stat.h: UTIME_OMIT, a macro that Swift does not import.
        let omitted = timespec(tv_sec: 0, tv_nsec: (1 << 30) - 2)
        let modified = timespec(tv_sec: Int(seconds), tv_nsec: Int(nanoseconds))
        return unsafe withUnsafeBytes(of: (omitted, modified)) { times in
            unsafe body(times.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: timespec.self))
        }
    }
}

/// An attribute of a file beside its content, such as `user.comment`.
package struct ExtendedAttribute: Hashable, Sendable {
    /// The whole name with its namespace.
    package let name: [UInt8]
    /// Any bytes.
    package let value: [UInt8]

    /// An attribute of the given name and value.
    package init(name: [UInt8], value: [UInt8]) {
        self.name = name
        self.value = value
    }

    /// Whether a layer's attribute may be set on a file: the user's own, but none that overlayfs
    /// or a container engine obeys.
    package var isApplied: Bool {
        name.starts(with: "user.".utf8) && !name.contains(0)
            && !Self.obeyed.contains { name.starts(with: $0.utf8) }
    }

    /// What overlayfs, fuse-overlayfs and container engines take for their own.
    private static let obeyed = [
        "user.overlay.", "user.fuseoverlayfs.", "user.containers.", "user.rootlesscontainers",
    ]

    /// Whether the attribute is written down: those that are set, and file capabilities, which an
    /// export gives back.
    package var isRecorded: Bool {
        isApplied || name == Array("security.capability".utf8)
    }
}

/// What a layer says of an entry beside its name and content.
package struct InodeMetadata: Hashable, Sendable {
    /// Permission bits, setuid, setgid and sticky bit, as the layer says.
    package var mode: UInt32
    /// The owner as the layer says; recorded, never used in a system call.
    package var uid: Int64
    /// The group as the layer says; recorded, never used in a system call.
    package var gid: Int64
    /// The modification time.
    package var time: ModificationTime
    /// Those attributes that are recorded, sorted by name.
    package private(set) var attributes: [ExtendedAttribute]

    /// Metadata of the given parts; attributes that are not recorded are dropped.
    package init(
        mode: UInt32,
        uid: Int64 = 0,
        gid: Int64 = 0,
        time: ModificationTime,
        attributes: [ExtendedAttribute] = []
    ) {
        self.mode = mode & 0o7777
        self.uid = uid
        self.gid = gid
        self.time = time
        self.attributes = attributes.filter(\.isRecorded)
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// The mode an inode gets: without setuid and setgid, so no file of an image runs as its owner
    /// for another user of the host.
    package var appliedMode: UInt32 { mode & 0o1777 }

    /// The attributes an inode gets.
    package var appliedAttributes: [ExtendedAttribute] { attributes.filter(\.isApplied) }

    /// What a directory gets that no layer describes, only its contents.
    static let impliedDirectory = InodeMetadata(mode: 0o755, time: ModificationTime(seconds: 0))
}
