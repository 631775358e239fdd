// SPDX-License-Identifier: MIT OR Apache-2.0

public import Download

/// How much a registry may say before it counts as an attack; in bytes.
public struct RegistryLimits: Hashable, Sendable {
    /// Of a manifest or an index.
    ///
    /// What registries and other clients agree on, by the distribution specification.
    public var manifest = 4 << 20
    /// Of an image's configuration.
    ///
    /// Its history grows with each instruction; the largest seen have a few hundred KiB.
    public var configuration = 8 << 20
    /// Of a token server's answer.
    ///
    /// A token has a few KiB, and goes into a header of each request.
    public var token = 64 << 10
    /// Of an answer's headers.
    public var headers = HeaderLimits()

    /// The limits that are meant for strangers.
    public init() {}
}
