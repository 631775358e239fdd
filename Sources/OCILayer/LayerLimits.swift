// SPDX-License-Identifier: MIT OR Apache-2.0

/// How large a layer may be before it counts as an attack.
///
/// The lengths of paths are bounded too, by `LayerPath`, as no larger ones could be used.
public struct LayerLimits: Hashable, Sendable {
    /// Entries in the archive.
    ///
    /// Ten times as many as the largest images of compilers have; each takes memory when layers
    /// are merged.
    public var entries = 2_000_000
    /// Bytes of the tar archive, and of all files with their holes.
    ///
    /// More than any image published for cross-compiling, less than a workstation's disk.
    public var bytes: Int64 = 64 << 30
    /// Bytes that may come out of one compressed byte.
    ///
    /// Real layers stay below 20; gzip can reach 1032 and Zstandard far more.
    public var ratio: Int64 = 250
    /// Bytes that may come out before the ratio counts.
    ///
    /// A small layer may be one large file of zeros.
    public var bytesBeforeRatio: Int64 = 256 << 20
    /// Bytes of the names and values of one entry's extended attributes.
    ///
    /// Linux itself keeps no longer value: XATTR_SIZE_MAX.
    public var attributes = 64 << 10

    /// The limits that are meant for layers of strangers.
    public init() {}
}
