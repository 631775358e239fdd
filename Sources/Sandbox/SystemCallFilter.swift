// SPDX-License-Identifier: MIT OR Apache-2.0

import CSandbox

/// The system calls that nothing in a sandbox needs, as the kernel reads them.
///
/// libseccomp has made all of them when `cross` was built; `CSystemCallFilter` has the rules.
enum SystemCallFilter {
    /// The filter for a spec's command.
    static func instructions(for spec: SandboxSpec) -> [sock_filter] {
        let options = (spec.allowsSocketcall ? 1 : 0) | (spec.user == .root ? 2 : 0)
        return EmbeddedFilters.all[options].map { number in
            sock_filter(
                code: UInt16(truncatingIfNeeded: number >> 48),
                jt: UInt8(truncatingIfNeeded: number >> 40),
                jf: UInt8(truncatingIfNeeded: number >> 32),
                k: UInt32(truncatingIfNeeded: number)
            )
        }
    }
}
