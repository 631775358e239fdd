// SPDX-License-Identifier: MIT OR Apache-2.0

import CSandbox

/// What the kernel has to confine a command with that not every kernel has.
public enum Confinement {
    /// The version of Landlock, 0 for none.
    ///
    /// Signals and abstract sockets stay inside since 6.
    public static var landlockVersion: Int { Int(sandbox_landlock_version()) }
}
