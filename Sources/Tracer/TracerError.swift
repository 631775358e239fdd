// SPDX-License-Identifier: MIT OR Apache-2.0

public import Sandbox
public import SystemPackage

/// Why a command was not run without namespaces.
public enum TracerError: Error, Equatable, Sendable {
    /// A step on the way there.
    public enum Stage: Equatable, Sendable {
        /// The directory for what is temporary inside could not be made; the path is the host's.
        case scratch
        /// A file or directory of the host is not there; the path is the host's.
        case source
        /// A place inside could not be found or made; the path is the one inside.
        case mountPoint
        /// The channel to the processes could not be opened.
        case channel
        /// A process could not be made.
        case start
        /// The command may not be traced.
        case trace
        /// The kernel refused the filter: it is older than 5.9, or a filter with a listener is there.
        case filter
        /// The working directory could not be entered; the path is the one inside.
        case workingDirectory
    }

    /// A step failed.
    ///
    /// `path` is the file or directory that it was about, if it was about one.
    case failed(Stage, path: FilePath?, errno: Errno)

    /// The command cannot be run by any means; never `SandboxError.failed`.
    case command(SandboxError)

    /// The spec wants what only namespaces give, such as to be somebody else; see `canRun`.
    case needsNamespaces
}
