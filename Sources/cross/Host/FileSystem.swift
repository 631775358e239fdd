// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: statfs(2).

import CLinux
import Glibc
import SystemPackage

/// The file system that a path lies on.
struct FileSystem: Equatable {
    /// Such as `ext4`; a number where it is none that matters.
    let type: String
    let isReadOnly: Bool
    /// Mounted so that no program of it can be executed.
    let isWithoutExecution: Bool

    /// `nil` where nothing is at the path.
    init?(at path: FilePath) {
        var status = statfs()
        guard unsafe path.withPlatformString({ unsafe statfs($0, &status) }) == 0 else {
            return nil
        }
        type = Self.types[Int64(status.f_type)] ?? "0x" + String(status.f_type, radix: 16)
        isReadOnly = Int(status.f_flags) & 1 != 0
        isWithoutExecution = Int(status.f_flags) & 8 != 0
    }

    /// Whether what is written to an overlay can be kept here.
    var canHoldUpperDirectories: Bool { !["overlay", "nfs", "fuse", "9p"].contains(type) }

    private static let types: [Int64: String] = [
        0x794c_7630: "overlay", 0x6969: "nfs", 0x0102_1994: "tmpfs", 0xef53: "ext4",
        0x5846_5342: "xfs", 0x9123_683e: "btrfs", 0x2fc1_2fc1: "zfs", 0x6573_5546: "fuse",
        0x0102_1997: "9p", 0xf2f5_2010: "f2fs",
    ]
}
