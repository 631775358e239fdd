// SPDX-License-Identifier: MIT OR Apache-2.0

public import RootfsRecipe
public import SystemPackage

/// Why the machine's apt sources do not say where packages are, in facts.
public enum AptSourcesError: Error, Hashable, Sendable {
    /// A file or directory of sources could not be read.
    case unreadable(FilePath, Errno)
    /// A line of a file of one-line sources, counted from 1, is none.
    case malformedLine(FilePath, line: Int)
    /// A file of deb822 sources is malformed.
    case malformed(FilePath, ControlError)
    /// None of the sources is Debian's, so that it is unknown where the archive is.
    case noSources(Archive, etc: FilePath)
    /// The sources that are Debian's, or an address that was configured, cannot be fetched from;
    /// the schemes are those of the addresses.
    case unsupportedSchemes([String], Archive)
    /// An address that was configured is none.
    case malformedAddress(Archive)
    /// The name of a suite has other characters than names have.
    case malformedSuite(String)
}
