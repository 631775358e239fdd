// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Multi-Arch specification; deb-control(5), "Multi-Arch".

/// How a package gets on with itself for other architectures.
public enum MultiArch: String, Hashable, Sendable {
    /// It is installed for one architecture and serves packages of that one.
    case no
    /// It can be installed for several at once, in the same version.
    case same
    /// It is installed for one architecture and serves packages of any.
    case foreign
    /// It serves packages of its own architecture, and of others where they say so.
    case allowed
}

/// How much a system wants a package.
///
/// Source: Debian Policy 2.5.
public enum PackagePriority: UInt8, Hashable, Sendable {
    /// Without it nothing works.
    case required = 1
    /// Expected on any system of the kind.
    case important
    /// Part of a small system that people work at.
    case standard
    /// Everything else.
    case optional
    /// The same; no longer given to packages.
    case extra
}
