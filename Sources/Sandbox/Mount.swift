// SPDX-License-Identifier: MIT OR Apache-2.0

public import SystemPackage

/// One mount of a sandbox.
///
/// The mount point, and the directories above it, are made where the root has none. A symbolic link
/// on the way there is followed inside the root and nowhere else.
public struct Mount: Equatable, Sendable {
    /// What is mounted.
    public enum Kind: Equatable, Sendable {
        /// A file or directory of the host, with everything that is mounted below it.
        case bind(FilePath, Access, missing: Missing)
        /// An empty directory in memory, of a mode such as `0o700`.
        case temporary(mode: CInt)
        /// A directory of the host whose writes are kept in memory and dropped at the end.
        case overlay(lower: FilePath)
    }

    /// What the command may do with a bound file or directory.
    public enum Access: Equatable, Sendable {
        /// Read; every attempt to change anything is `EROFS`.
        case readOnly
        /// All that the caller may.
        case readWrite
    }

    /// What is to be done when the host has no such file or directory.
    public enum Missing: Equatable, Sendable {
        /// The run fails.
        case fail
        /// There is no such mount.
        case skip
    }

    /// The mount point, inside.
    public var target: FilePath

    /// What is mounted.
    public var kind: Kind

    /// Whether the caller is to learn what was written to it; for an overlay.
    public var tellsWrites: Bool

    /// A mount.
    ///
    /// - Parameters:
    ///   - target: the mount point, inside.
    ///   - kind: what is mounted there.
    ///   - tellsWrites: whether the caller is to learn what was written.
    public init(target: FilePath, kind: Kind, tellsWrites: Bool = false) {
        self.target = target
        self.kind = kind
        self.tellsWrites = tellsWrites
    }
}

extension Mount: CustomStringConvertible {
    /// Shape: `bind "/source" from "/home/me/source" read-only`.
    public var description: String {
        switch kind {
        case .bind(let source, let access, let missing):
            "bind \(quoted(target)) from \(quoted(source))"
                + (access == .readOnly ? " read-only" : " read-write")
                + (missing == .skip ? " if present" : "")
        case .temporary(let mode): "temporary \(quoted(target)) mode 0\(String(mode, radix: 8))"
        case .overlay(let lower):
            "overlay \(quoted(target)) over \(quoted(lower))" + (tellsWrites ? " told" : "")
        }
    }
}
