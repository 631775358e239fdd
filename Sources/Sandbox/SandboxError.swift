// SPDX-License-Identifier: MIT OR Apache-2.0

public import SystemPackage

/// Why a command was not run.
public enum SandboxError: Error, Equatable, Sendable {
    /// A step on the way there.
    public enum Stage: Equatable, Sendable {
        /// The channel to the sandbox could not be opened.
        case channel
        /// The kernel gave no namespaces.
        ///
        /// `ENOSPC`: `max_user_namespaces` is exhausted or 0, not a disk. `EPERM`: a sysctl, a
        /// system call filter, or a `chroot` around the caller.
        case namespaces
        /// The caller's ids could not be mapped; LSMs that allow the namespace refuse here.
        case identity
        /// The number of user namespaces inside could not be limited.
        case namespaceLimit
        /// The mounts could not be taken out of the host's propagation.
        case propagation
        /// A file or directory of the host could not be opened; the path is the host's.
        case source
        /// The overlay for the root could not be made; the path is the root's.
        case root
        /// A mount point could not be found or made; the path is the one inside.
        case mountPoint
        /// Something could not be mounted; the path is the one inside.
        case mount
        /// There is no overlay above a directory; the path is the one inside.
        case overlay
        /// The new root did not become the root.
        case pivot
        /// The loopback interface did not come up.
        case network
        /// The host name was refused.
        case hostname
        /// A binary format was refused; the path is the interpreter's.
        case binaryFormat
        /// What the command starts cannot be looked at.
        ///
        /// `EBUSY`: another program answers calls already. `EPERM`: Yama forbids it.
        case executions
        /// Capabilities or privileges could not be given up.
        case confinement
        /// The system call filter could not be built, or the kernel refused it.
        case filter
        /// The command's process could not be made.
        case start
        /// The working directory could not be entered; the path is the one inside.
        case workingDirectory
    }

    /// A step failed.
    ///
    /// `path` is the file or directory that it was about, if it was about one.
    case failed(Stage, path: FilePath?, errno: Errno)

    /// There is no such program inside; shells say 127.
    case programNotFound(String)

    /// The program is there and cannot be run; shells say 126.
    ///
    /// `ENOENT`: the interpreter that it names is not there.
    case programNotExecutable(String, errno: Errno)

    /// There is no program to run.
    case noArguments

    /// An argument, a variable or the host name has a zero byte in it.
    case zeroByte(String)
}

/// Something that is told while a sandbox is made.
public enum SandboxNotice: Equatable, Sendable {
    /// At the end: what was written to a mount that tells, in overlayfs's notation.
    ///
    /// The path is the mount's target; the directory can be read until this is over.
    case written(FilePath, FileDescriptor)
    /// In a rehearsal with attempts: what nothing inside may do was tried; `nil`: and succeeded.
    case attempted(String, errno: Errno?)
}
