// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: stat(2).

import FoundationEssentials
import Glibc
import SystemPackage

/// What tells one state of a file from another without reading it.
///
/// The change time is among it: unlike the modification time nobody can set it back.
struct FileIdentity: Equatable, Codable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let modified: Int64
    private let changed: Int64

    /// The state of a file now; `nil` where there is none.
    init?(of path: FilePath) {
        guard let status = try? path.stat() else { return nil }
        device = UInt64(status.deviceID.rawValue)
        inode = UInt64(status.inode.rawValue)
        size = status.size
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
    }

    /// When its contents or its metadata were last changed.
    var lastChange: Date { Date(timeIntervalSince1970: Double(changed) / 1e9) }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
