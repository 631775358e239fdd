// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// The one user and the one group that exist inside.
struct Identity: Equatable {
    let user: UInt32
    let group: UInt32

    /// Who called us, in the effect of whatever called us.
    static var ofCaller: Identity {
        Identity(user: geteuid(), group: getegid())
    }
}
