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

extension Identity {
    /// Who a command is inside; root is so in the namespace around, and needs no map of its own.
    init(_ user: SandboxSpec.User) {
        switch user {
        case .caller, .root: self = .ofCaller
        case .other(let uid, let gid): self.init(user: uid, group: gid)
        }
    }
}
