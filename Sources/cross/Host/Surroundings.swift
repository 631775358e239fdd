// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: proc(5), namespaces(7), AppArmor's and Debian's sysctls.

import Glibc
import SystemPackage

/// What the machine, or the container, says of the restrictions that it lays on its processes.
///
/// What it says is evidence, not proof: whether a sandbox can be had is found out by trying.
struct Surroundings: Equatable {
    /// The kernel's release, such as `6.12.4-amd64`.
    var kernel = ""
    /// Different at every boot.
    var boot = ""
    var mountNamespace = ""
    var userNamespace = ""
    var user: UInt32 = 0
    /// `Seccomp` of `/proc/self/status`: `0`, or `2` under a filter.
    var systemCallFilter = ""
    /// The security module's name for what this process may do, such as `docker-default (enforce)`.
    var confinement = ""
    /// `user.max_user_namespaces`.
    var maximumUserNamespaces: Int?
    /// Debian's `kernel.unprivileged_userns_clone`.
    var unprivilegedUserNamespaces: Int?
    /// Ubuntu's `kernel.apparmor_restrict_unprivileged_userns`.
    var restrictsUserNamespaces: Int?
    /// Whether the root is not that of any mount, as in a chroot(2).
    var isChrooted = false
    /// Whether another file system is mounted on a part of `/proc`.
    var hasCoveredProcesses = false

    /// What this process finds.
    static func current() -> Surroundings {
        var result = Surroundings()
        result.kernel = text("/proc/sys/kernel/osrelease")
        result.boot = text("/proc/sys/kernel/random/boot_id")
        result.mountNamespace = FilePath("/proc/self/ns/mnt").symbolicLinkTarget?.string ?? ""
        result.userNamespace = FilePath("/proc/self/ns/user").symbolicLinkTarget?.string ?? ""
        result.user = geteuid()
        let filter = text("/proc/self/status").split(separator: "\n").first {
            $0.hasPrefix("Seccomp:")
        }
        result.systemCallFilter = filter.map { String($0.dropFirst("Seccomp:\t".count)) } ?? ""
        result.confinement = text("/proc/self/attr/current").replacing("\0", with: "")
        result.maximumUserNamespaces = Int(text("/proc/sys/user/max_user_namespaces"))
        result.unprivilegedUserNamespaces = Int(text("/proc/sys/kernel/unprivileged_userns_clone"))
        result.restrictsUserNamespaces = Int(
            text("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
        )
        let mountPoints = mountPoints
        result.isChrooted = !mountPoints.isEmpty && !mountPoints.contains("/")
        result.hasCoveredProcesses = mountPoints.contains {
            $0.hasPrefix("/proc/") && $0 != "/proc/sys/fs/binfmt_misc"
        }
        return result
    }

    /// The kernel's version, such as 6 and 12.
    static var kernelVersion: [Int] {
        var name = utsname()
        guard unsafe uname(&name) == 0 else { return [] }
        let release = unsafe withUnsafeBytes(of: &name.release) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
    }

    private static var mountPoints: [Substring] {
        text("/proc/self/mountinfo").split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", maxSplits: 5)
            return fields.count > 4 ? fields[4] : nil
        }
    }

    /// A file's text without the last newline; empty where it cannot be read.
    private static func text(_ path: FilePath) -> String {
        var text = ((try? TextFile.read(path)) ?? nil) ?? ""
        if text.hasSuffix("\n") { text.removeLast() }
        return text
    }
}
