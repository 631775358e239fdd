// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: getrlimit(2), "RLIMIT_NPROC"; user_namespaces(7).

import Glibc

/// How many processes and threads a sandbox may have: what no build needs, and a machine bears.
enum ProcessLimit {
    /// A thread of code generation for every core and every rustc of as many cores, and then some.
    ///
    /// `nil` before Linux 5.14, where everything that the user runs would count.
    static var value: Int? {
        let version = Surroundings.kernelVersion
        guard !version.lexicographicallyPrecedes([5, 14]) else { return nil }
        return 4096 + 128 * max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN)))
    }
}
