// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// Where a tree may differ from the one that dpkg and maintainer scripts make, and why.
struct AllowedDifference {
    /// A pattern as a shell has it, of a path with all below it.
    let path: String
    let reason: String

    func covers(_ line: String) -> Bool {
        let prefix = "content of "
        let found = line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : line
        let matches = unsafe fnmatch(path, found, 0) == 0
        return matches || found.hasPrefix("\(path)/") || found.contains("__pycache__")
    }

    /// Beside byte-compiled Python, which is made when it is first imported.
    static let all: [AllowedDifference] = [
        .init(path: "dev", reason: "devices are the sandbox's, and cannot be made without root"),
        .init(path: "etc/.pwd.lock", reason: "what a run of useradd leaves"),
        .init(path: "etc/passwd-", reason: "a backup of a run of shadowconfig"),
        .init(path: "etc/group-", reason: "a backup of a run of shadowconfig"),
        .init(path: "etc/shadow", reason: "the date of the last change is that of the recipe"),
        .init(
            path: "etc/shells",
            reason: "the order is that of one run of update-shells, not of two"
        ),
        .init(path: "etc/apt/apt.conf.d/99mmdebstrap", reason: "mmdebstrap's own"),
        .init(path: "etc/apt/apt.conf.d/90cross", reason: "what apt needs to work for one user"),
        .init(path: "etc/apt/sources.list.d", reason: "the same sources under another name"),
        .init(path: "etc/dpkg/dpkg.cfg.d", reason: "the same exclusions under another name"),
        .init(path: "etc/fstab", reason: "mmdebstrap's own"),
        .init(path: "etc/hostname", reason: "the sandbox's"),
        .init(path: "etc/hosts", reason: "the sandbox's"),
        .init(path: "etc/resolv.conf", reason: "the sandbox's"),
        .init(path: "etc/networks", reason: "netbase's names for networks that nobody uses"),
        .init(path: "etc/rc*", reason: "no init runs"),
        .init(path: "etc/systemd/system", reason: "no init runs"),
        .init(
            path: "etc/ssl/certs/????????.[0-9]",
            reason: "links by hash, which OpenSSL needs no more"
        ),
        .init(path: "opt/toolchain.cmake", reason: "the recipe's own file"),
        .init(path: "usr/sbin/policy-rc.d", reason: "keeps later packages from starting services"),
        .init(path: "var/cache/apt", reason: "caches and locks of apt"),
        .init(path: "var/cache/debconf", reason: "debconf's answers; it makes its database itself"),
        .init(path: "var/cache/ldconfig", reason: "ldconfig's own cache of files' times"),
        .init(path: "var/lib/apt/extended_states", reason: "mmdebstrap asks for more by name"),
        .init(path: "var/lib/apt/lists", reason: "locks of apt"),
        .init(
            path: "var/lib/dpkg/diversions*",
            reason: "protect names against packages of other releases"
        ),
        .init(path: "var/lib/dpkg/status-old", reason: "a backup"),
        .init(path: "var/lib/dpkg/arch-native", reason: "dpkg 1.22 writes it when it next runs"),
        .init(path: "var/lib/systemd", reason: "no init runs"),
    ]
}
