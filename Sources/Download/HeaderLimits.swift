// SPDX-License-Identifier: MIT OR Apache-2.0

/// How much an answer's headers may be, all together.
public struct HeaderLimits: Hashable, Sendable {
    /// Bytes of names and values.
    ///
    /// Registries and their storage send a few KiB, tokens in URLs included; libcurl itself gives up at
    /// 300 KiB.
    public var bytes = 128 << 10
    /// Names.
    ///
    /// Servers send some twenty.
    public var count = 1000

    /// The limits that are meant for strangers.
    public init() {}
}
