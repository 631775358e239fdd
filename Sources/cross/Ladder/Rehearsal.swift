// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Sandbox
import SystemPackage

/// A sandbox that nothing runs in, to find out whether one can be had.
struct Rehearsal {
    /// As a build's, but for the root: that is a directory on the file system where the store is.
    let spec: SandboxSpec

    /// A user's.
    init(_ host: Host) {
        let store = Store.defaultPath(environment: host.environment)
        // The root of everything cannot be the root of a sandbox that is put together on it.
        let place = store?.ancestors.first { $0.isDirectory && $0 != "/" }
        spec = SandboxSpec(root: place ?? "/usr", arguments: ["true"])
    }
}
