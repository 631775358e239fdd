// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "RUN --mount".

/// Something that is mounted while a program runs.
public struct RunMount: Hashable, Sendable {
    /// What is mounted.
    public enum Kind: Hashable, Sendable {
        /// Files; what is written to them is dropped.
        case bind(FileOrigin, source: String)
        /// A directory that stays from run to run, made from `origin` at first.
        case cache(id: String, Sharing, origin: FileOrigin, source: String, Ownership)
        /// An empty directory in memory; the size is in bytes.
        case tmpfs(size: Int64?)
        /// A value of the caller's; as a file, as a variable, or both.
        case secret(id: String, variable: String?, isRequired: Bool, Ownership)
    }

    /// Who may use a cache at the same time.
    public enum Sharing: String, Hashable, Sendable {
        /// Everyone.
        case shared
        /// One, and others get another.
        case `private`
        /// One, and others wait.
        case locked
    }

    /// Mode and owner; `nil` for what the kind of mount has by default.
    public struct Ownership: Hashable, Sendable {
        /// Permission bits.
        public let mode: UInt32?
        /// The owner inside.
        public let uid: UInt32?
        /// The group inside.
        public let gid: UInt32?
    }

    /// What.
    public let kind: Kind
    /// Absolute, and not the root; `nil` for a secret that is a variable only.
    public let target: String?
    /// Whether the program may not write.
    public let isReadOnly: Bool
}
