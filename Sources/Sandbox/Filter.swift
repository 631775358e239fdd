// SPDX-License-Identifier: MIT OR Apache-2.0

import CSandbox
import SystemPackage

/// The system call filter of every command, as the kernel takes it.
struct Filter {
    let instructions: [sock_filter]

    /// Builds it, in about a millisecond; it depends on nothing but the machine.
    ///
    /// - Throws: `SandboxError.failed(.filterConstruction, …)`.
    init() throws(SandboxError) {
        let capacity = Int(BPF_MAXINSNS)
        var length: CInt = 0
        instructions = unsafe [sock_filter](unsafeUninitializedCapacity: capacity) { buffer, count in
            length = unsafe sandbox_filter(buffer.baseAddress, capacity)
            count = max(0, Int(length))
        }
        if length < 0 {
            throw .failed(.filterConstruction, path: nil, errno: Errno(rawValue: -length))
        }
    }
}
