// SPDX-License-Identifier: MIT OR Apache-2.0

import CSandbox

/// The system calls that there are in a sandbox, as the kernel reads them.
///
/// All of it was made when `cross` was built; `CSystemCallFilter` has the rules. The kernel asks every
/// program that is loaded, and the least answer counts.
enum SystemCallFilter {
    /// The programs for a spec's command: what is known and harmless, and what was not allowed of the rest.
    ///
    /// - Parameters:
    ///   - spec: the sandbox.
    ///   - allowed: what is allowed besides.
    /// - Returns: all of them are to be loaded.
    static func programs(
        for spec: SandboxSpec,
        besides allowed: Set<Allowance> = []
    ) -> [[sock_filter]] {
        let allowances = spec.allowances.union(allowed)
        let options =
            (spec.allowsSocketcall ? 1 : 0) | (spec.user == .root ? 2 : 0)
            | (allowances.isEmpty ? 0 : 4)
        let main = instructions(EmbeddedFilters.prefix + EmbeddedFilters.rules[options])
        guard !allowances.isEmpty else { return [main] }
        let refused = Allowance.allCases.indices.filter { index in
            !allowances.contains(Allowance.allCases[index])
        }
        return [main] + refused.map { instructions(EmbeddedFilters.extras[$0]) }
    }

    private static func instructions(_ numbers: [UInt64]) -> [sock_filter] {
        numbers.map { number in
            sock_filter(
                code: UInt16(truncatingIfNeeded: number >> 48),
                jt: UInt8(truncatingIfNeeded: number >> 40),
                jf: UInt8(truncatingIfNeeded: number >> 32),
                k: UInt32(truncatingIfNeeded: number)
            )
        }
    }
}
