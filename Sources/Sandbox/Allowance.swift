// SPDX-License-Identifier: MIT OR Apache-2.0

/// Something that is refused unless the user asks for it.
///
/// The order is that of the filters for them.
public enum Allowance: String, CaseIterable, Sendable {
    /// Debuggers and tracers: ptrace(2), and other processes' memory and descriptors.
    case ptrace
    /// io_uring(7), whose operations no filter sees.
    case ioUring = "io_uring"
    /// Namespaces, and mounts inside them.
    case userNamespaces = "user-namespaces"
    /// Performance counters: perf_event_open(2).
    case perf
}
