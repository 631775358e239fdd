// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

/// What a sandbox has to do without, where the machine does not give the full set.
///
/// The empty set is the full sandbox; every member is one step down, and each has its reason in what
/// a kernel or a container refuses. Whatever is missing, what a command does comes to the same.
public struct Rung: OptionSet, Hashable, Sendable {
    /// Where it is kept, a bit for each member.
    public let rawValue: UInt8

    /// The members whose bits are set.
    ///
    /// - Parameter rawValue: as an earlier value's.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `/proc` is the caller's: it shows the arguments and states of processes outside, and numbers
    /// processes as they are numbered there.
    ///
    /// In containers parts of `/proc` are covered, and the kernel mounts no other then.
    public static let boundProcesses = Rung(rawValue: 1 << 0)

    /// The old root stays below the new one, where no path leads.
    ///
    /// Docker's filter allows mounts to whoever has `CAP_SYS_ADMIN`, yet never pivot_root(2).
    public static let coveringRoot = Rung(rawValue: 1 << 1)

    /// The root is put together from read-only mounts, and only what lies in memory can be written.
    ///
    /// There is no overlayfs, or it cannot be had above the file system that the root lies on.
    public static let assembledRoot = Rung(rawValue: 1 << 2)

    /// Only the filter keeps a command from making user namespaces.
    ///
    /// The second lock is a file of `/proc/sys`, which is read-only in containers.
    public static let uncountedNamespaces = Rung(rawValue: 1 << 3)

    /// The host name is the caller's.
    ///
    /// podman's filter refuses sethostname(2) to whoever has not `CAP_SYS_ADMIN` outside.
    public static let callersHostName = Rung(rawValue: 1 << 4)

    /// What would be dropped in the end cannot be written at all: directories that are to have an
    /// overlay are mounted read-only.
    public static let refusedWrites = Rung(rawValue: 1 << 5)

    /// Foreign programs are started by PID 1, which looks at every execve(2), in place of the kernel.
    ///
    /// Before Linux 6.7 there are no binary formats in a user namespace.
    public static let watchedExecutions = Rung(rawValue: 1 << 6)

    /// Foreign programs are not started by themselves.
    ///
    /// With `kernel.yama.ptrace_scope` at 2 or higher, or where another program answers calls already.
    public static let onlyNativePrograms = Rung(rawValue: 1 << 7)

    /// The next lower one, where it may do.
    ///
    /// - Parameter error: why this one does not.
    /// - Returns: `nil` where no step down is about that.
    public func below(_ error: SandboxError) -> Rung? {
        guard case .failed(let stage, let path, let errno) = error,
            let step = Self.step(stage, path, errno), !contains(step)
        else { return nil }
        return union(step)
    }

    private static func step(_ stage: SandboxError.Stage, _ path: FilePath?, _ errno: Errno)
        -> Rung?
    {
        switch (stage, errno) {
        case (.namespaceLimit, _): .uncountedNamespaces
        case (.hostname, .notPermitted): .callersHostName
        case (.mount, .notPermitted) where path == StandardSteps.processes: .boundProcesses
        // EINVAL: the root is the kernel's first one, which cannot be exchanged.
        case (.mount, _) where path == StandardSteps.binaryFormats,
            (.mountPoint, _) where path == StandardSteps.binaryFormats:
            .watchedExecutions
        case (.executions, _): .onlyNativePrograms
        case (.pivot, .notPermitted), (.pivot, .invalidArgument): .coveringRoot
        // ENODEV: no overlayfs. EPERM: none for user namespaces. EINVAL: not above that file system.
        case (.root, .operationNotSupportedByDevice), (.root, .notPermitted),
            (.root, .invalidArgument):
            .assembledRoot
        case (.overlay, .operationNotSupportedByDevice), (.overlay, .notPermitted),
            (.overlay, .invalidArgument):
            .refusedWrites
        default: nil
        }
    }
}
