// SPDX-License-Identifier: MIT OR Apache-2.0

import Sandbox
import SystemPackage

/// Why no sandbox can be had.
enum LadderError: Error, Equatable {
    /// The machine refuses it; what failed last.
    case denied(Denial, SandboxError)
    /// Something else went wrong.
    case failed(SandboxError)

    /// Tells the two apart.
    init(_ error: SandboxError, in surroundings: Surroundings) {
        if let denial = Denial(of: error, in: surroundings) {
            self = .denied(denial, error)
        } else {
            self = .failed(error)
        }
    }
}

/// What on a machine keeps a process from making a sandbox.
enum Denial: Equatable {
    /// `user.max_user_namespaces` is 0, or as many are in use.
    case namespacesUsedUp(limit: Int?)
    /// Debian's `kernel.unprivileged_userns_clone` is 0.
    case unprivilegedNamespaces
    /// A system call filter, as container engines have one.
    case systemCallFilter
    /// A chroot(2) around this process.
    case chroot
    /// The kernel was built without user namespaces.
    case noNamespaces
    /// AppArmor takes all privileges from user namespaces, as Ubuntu has it since 24.04.
    case restrictedNamespaces
    /// A profile of AppArmor's, by its name.
    case profile(String)
    /// A security module that does not say more.
    case securityModule
    /// The kernel lacks a call that this program needs; its release.
    case oldKernel(String)

    /// What an error says of the machine.
    ///
    /// The same error of the same call has one cause, where what the machine says of itself is added.
    ///
    /// - Returns: `nil` where the error is not about the machine.
    init?(of error: SandboxError, in surroundings: Surroundings) {
        guard case .failed(let stage, _, let errno) = error else { return nil }
        let isRestricted = (surroundings.restrictsUserNamespaces ?? 0) != 0
        switch (stage, errno) {
        case (.namespaces, .noSpace):
            self = .namespacesUsedUp(limit: surroundings.maximumUserNamespaces)
        case (.namespaces, .notPermitted):
            if surroundings.unprivilegedUserNamespaces == 0, surroundings.user != 0 {
                self = .unprivilegedNamespaces
            } else if surroundings.systemCallFilter == "2" {
                self = .systemCallFilter
            } else if surroundings.isChrooted {
                self = .chroot
            } else if isRestricted {
                self = .restrictedNamespaces
            } else {
                self = .securityModule
            }
        case (.namespaces, .invalidArgument), (.namespaces, .noFunction): self = .noNamespaces
        case (.identity, .notPermitted), (.identity, .permissionDenied),
            (.propagation, .notPermitted), (.propagation, .permissionDenied),
            (.mount, .permissionDenied), (.root, .permissionDenied),
            (.source, .notPermitted), (.mount, .notPermitted):
            if isRestricted, surroundings.user != 0 {
                self = .restrictedNamespaces
            } else if !["", "unconfined"].contains(surroundings.confinement) {
                self = .profile(surroundings.confinement)
            } else if surroundings.systemCallFilter == "2", errno == .notPermitted {
                self = .systemCallFilter
            } else {
                self = .securityModule
            }
        case (_, .noFunction): self = .oldKernel(surroundings.kernel)
        default: return nil
        }
    }
}
