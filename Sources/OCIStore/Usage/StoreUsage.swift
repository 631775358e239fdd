// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// How much a store takes on disk, with what several names share counted once.
public struct StoreUsage: Equatable, Sendable {
    /// Some files.
    public struct Part: Equatable, Sendable {
        /// Files, directories and links.
        public internal(set) var count = 0
        /// Bytes that the file system has given them.
        public internal(set) var size: Int64 = 0
    }

    /// A root filesystem.
    public struct Tree: Equatable, Sendable {
        /// Names it.
        public let chainID: String
        /// Of all that is in it, in bytes.
        public internal(set) var size: Int64 = 0
        /// Of what no other root filesystem has, in bytes.
        public internal(set) var own: Int64 = 0
    }

    /// File contents that root filesystems are made of.
    public internal(set) var files = Part()
    /// File contents that no root filesystem has: pruning removes those that no layer needs either.
    public internal(set) var unlinked = Part()
    /// Root filesystems without the contents of files: their directories and links.
    public internal(set) var directories = Part()
    /// What layers say.
    public internal(set) var layers = Part()
    /// Package indexes.
    public internal(set) var indexes = Part()
    /// Blobs that are being downloaded and what is being made, or was when its process died.
    public internal(set) var temporary = Part()
    /// Records and locks.
    public internal(set) var records = Part()
    /// Every root filesystem, by name.
    public internal(set) var trees: [Tree] = []

    /// Everything.
    public var total: Int64 {
        [files, unlinked, directories, layers, indexes, temporary, records]
            .reduce(0) { $0 + $1.size }
    }
}

extension Store {
    /// Measures the store; others may use and fill it meanwhile.
    ///
    /// - Returns: what was there at the time.
    /// - Throws: `StoreError.system`.
    public func usage() throws(StoreError) -> StoreUsage {
        var measurement = UsageMeasurement()
        try measurement.trees(layout)
        for (name, part) in UsageMeasurement.parts {
            try measurement.walk(layout.directory(name)) { $0.usage[keyPath: part].add($1) }
        }
        try measurement.objects(layout)
        return measurement.finished
    }
}

extension StoreUsage.Part {
    /// Counts what stat(2) says: `st_blocks` are of 512 bytes, whatever the file system's own are.
    mutating func add(_ status: stat) {
        count += 1
        size += Int64(status.st_blocks) * 512
    }
}
