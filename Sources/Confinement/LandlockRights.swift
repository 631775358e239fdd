// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: landlock(7); linux/landlock.h.

/// What Landlock takes and gives, by its version.
struct LandlockRights {
    private static let execute: UInt64 = 1 << 0
    private static let writeFile: UInt64 = 1 << 1
    private static let readFile: UInt64 = 1 << 2
    private static let readDirectory: UInt64 = 1 << 3
    private static let removeDirectory: UInt64 = 1 << 4
    private static let removeFile: UInt64 = 1 << 5
    private static let makeDirectory: UInt64 = 1 << 7
    private static let makeFile: UInt64 = 1 << 8
    private static let makeFIFO: UInt64 = 1 << 10
    private static let makeSymbolicLink: UInt64 = 1 << 12
    private static let refer: UInt64 = 1 << 13
    private static let truncate: UInt64 = 1 << 14
    private static let controlDevice: UInt64 = 1 << 15
    private static let allOfVersion1: UInt64 = (1 << 13) - 1

    /// What a rule for a single file may give.
    static let ofFiles = execute | writeFile | readFile | truncate | controlDevice

    /// All that is done to files, and is forbidden unless a rule gives it.
    let files: UInt64
    /// To listen on a port, which nothing gives.
    let ports: UInt64
    /// To reach abstract sockets and processes outside.
    let scopes: UInt64
    /// How much of `landlock_rights` the kernel knows, in bytes.
    let size: Int

    init(version: CInt) {
        // Version 1 forbids all links and renames between directories, which a store consists of.
        files =
            version < 2
            ? 0
            : Self.allOfVersion1 | Self.refer | (version >= 3 ? Self.truncate : 0)
                | (version >= 5 ? Self.controlDevice : 0)
        ports = version >= 4 ? 1 : 0
        scopes = version >= 6 ? 3 : 0
        size = version >= 6 ? 24 : version >= 4 ? 16 : 8
    }

    /// To read what is there.
    var reading: UInt64 { files & (Self.readFile | Self.readDirectory) }

    /// To run what is there, and to read it.
    var running: UInt64 { reading | files & Self.execute }

    /// To do there what a store needs: no devices, no sockets, and nothing is run.
    var writing: UInt64 {
        let making =
            Self.makeDirectory | Self.makeFile | Self.makeFIFO | Self.makeSymbolicLink
        let removing = Self.removeDirectory | Self.removeFile
        return reading | files & (Self.writeFile | Self.truncate | Self.refer | making | removing)
    }
}
