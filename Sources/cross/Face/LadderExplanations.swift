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
            (.boundProcesses, "/proc shows processes outside"),
            (.coveringRoot, "the old root stays mounted, out of reach"),
            (.assembledRoot, "the root is read-only"),
            (.refusedWrites, "what would be dropped cannot be written"),
            (.uncountedNamespaces, "namespaces are forbidden by the filter alone"),
            (.callersHostName, "the host name is not its own"),
            (.onlyNativePrograms, "programs for the target run only where cargo starts them"),
        ]
        return all.filter { contains($0.0) }.map(\.1)
    }

    /// What would give it, where it is one step down.
    var remedy: String {
        switch self {
        case .boundProcesses:
            "a part of /proc is covered, as in a container; start it with\n"
                + "docker run --security-opt systempaths=unconfined"
        case .coveringRoot:
            "the container's filter forbids pivot_root; start it with\n"
                + "docker run --security-opt seccomp=unconfined"
        case .assembledRoot:
            "there is no overlay above the store's file system; set CROSS_STORE to a directory on a "
                + "volume, or load overlayfs:\nsudo modprobe overlay"
        case .refusedWrites:
            "there is no overlay above the project's or cargo's directories; set CARGO_HOME to a "
                + "directory on a volume"
        case .uncountedNamespaces:
            "/proc/sys is read-only, as in a container; start it with\n"
                + "docker run --security-opt systempaths=unconfined"
        case .onlyNativePrograms:
            "binary formats need Linux 6.7; looking at what is started in their place needs\n"
                + "sudo sysctl -w kernel.yama.ptrace_scope=1"
        default:
            "the container's filter forbids sethostname; start it with\n"
                + "podman run --security-opt seccomp=unconfined"
        }
    }
}
