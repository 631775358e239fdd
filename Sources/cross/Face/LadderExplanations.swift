// SPDX-License-Identifier: MIT OR Apache-2.0

import Sandbox
import SystemPackage

extension Explanation {
    init(_ error: LadderError) {
        switch error {
        case .failed(let error): self.init(error)
        case .denied(let denial, let error):
            let failure = Explanation(error)
            self.init("\(failure.text); \(denial.reason)", hint: denial.remedy)
        }
    }
}

extension Denial {
    /// What refuses, to be read after "…: Operation not permitted; ".
    var reason: String {
        switch self {
        case .namespacesUsedUp(limit: 0): "user.max_user_namespaces is 0"
        case .namespacesUsedUp(let limit):
            "all \(limit.map { "\($0) " } ?? "")user namespaces of user.max_user_namespaces are in use"
        case .unprivilegedNamespaces: "kernel.unprivileged_userns_clone is 0"
        case .systemCallFilter: "a system call filter forbids it, as container engines have one"
        case .chroot: "this process is in a chroot, which may have no user namespaces"
        case .noNamespaces: "this kernel has no user namespaces"
        case .restrictedNamespaces: "kernel.apparmor_restrict_unprivileged_userns is 1"
        case .profile(let name): "the security profile `\(name)` forbids it"
        case .securityModule: "a security module forbids it"
        case .oldKernel(let release): "Linux \(release) is too old; 5.12 or newer is needed"
        }
    }

    /// What lifts it: one command each, after the sentence that says where it is to be given.
    var remedy: String {
        switch self {
        case .namespacesUsedUp: "sudo sysctl -w user.max_user_namespaces=15000"
        case .unprivilegedNamespaces: "sudo sysctl -w kernel.unprivileged_userns_clone=1"
        case .systemCallFilter:
            "start the container with\ndocker run --security-opt seccomp=unconfined "
                + "--security-opt apparmor=unconfined\n"
                + "or in Kubernetes, in the pod's own user namespace, with "
                + "`seccompProfile: {type: Unconfined}` and `appArmorProfile: {type: Unconfined}`"
        case .chroot:
            "run cross outside of the chroot, or enter it with\nsudo unshare --mount --root=…"
        case .noNamespaces: "run cross on a kernel with CONFIG_USER_NS"
        case .restrictedNamespaces:
            "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
        case .profile:
            "in a container, start it with\ndocker run --security-opt apparmor=unconfined"
        case .securityModule:
            "in a container, start it with\n"
                + "docker run --security-opt apparmor=unconfined --security-opt label=disable"
        case .oldKernel: "run cross on a newer kernel"
        }
    }
}

extension Rung {
    /// What a user has to know of it, each to be read by itself.
    var shortcomings: [String] {
        let all: [(Rung, String)] = [
            (.boundProcesses, "/proc is this container's, a part of it being covered"),
            (.coveringRoot, "the old root stays below the new one, pivot_root being forbidden"),
            (
                .assembledRoot,
                "the root is read-only, the store's file system having no overlay above it"
            ),
            (
                .uncountedNamespaces,
                "only the system call filter forbids namespaces, /proc/sys being read-only"
            ),
            (.callersHostName, "the host name is this container's, sethostname being forbidden"),
        ]
        return all.filter { contains($0.0) }.map(\.1)
    }
}
