// SPDX-License-Identifier: MIT OR Apache-2.0

import Sandbox
import SystemPackage

/// What a step needs of the machine to reach the network and its packages; results do not depend on it.
struct StepSurroundings {
    private(set) var files: [StepFile] = []
    private(set) var mounts: [Mount] = []
    private(set) var environment: [String: String] = [:]

    /// Looks at the machine, and at what the root filesystem has use for.
    ///
    /// - Parameters:
    ///   - root: the root filesystem, on the host.
    ///   - mirrors: where its packages come from, if it is made of packages.
    ///   - host: whose network it is.
    /// - Throws: `StepError.noMirrors`, or `HostProgramError`.
    init(_ root: FilePath, _ mirrors: PackageMirrors?, _ host: Host) throws {
        resolver(host)
        proxies(host)
        let authorities = certificates(host)
        guard root.appending("etc/apt/apt.conf.d").isDirectory else { return }
        let apt = try MachineApt(host, authorities: authorities)
        files.append(apt.configuration)
        for list in try mirrors?.lists(host) ?? [] {
            files.append(list.file)
            mounts += list.directories.map { Mount($0, .readOnly, missing: .skip) }
        }
    }

    /// The resolver's files as copies, for scripts write to them.
    private mutating func resolver(_ host: Host) {
        if let resolver = try? TextFile.read("/etc/resolv.conf") {
            files.append(StepFile(path: "/etc/resolv.conf", content: Array(resolver.utf8)))
        }
        let hosts = (try? TextFile.read("/etc/hosts")) ?? "127.0.0.1 localhost\n"
        // sudo(8) and others look up the sandbox's own name.
        let own = hosts.hasSuffix("\n") ? "127.0.1.1 cross\n" : "\n127.0.1.1 cross\n"
        files.append(StepFile(path: "/etc/hosts", content: Array((hosts + own).utf8)))
    }

    private mutating func proxies(_ host: Host) {
        for name in ["http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"] {
            for name in [name, name.uppercased()] { environment[name] = host.environment[name] }
        }
    }

    /// The authorities that the user trusts, where they are not the system's.
    private mutating func certificates(_ host: Host) -> FilePath? {
        guard let named = host.environment["SSL_CERT_FILE"], !named.isEmpty else { return nil }
        let path = host.absolute(FilePath(named))
        guard path.isRegularFile else { return nil }
        mounts.append(Mount(path, .readOnly))
        for name in ["SSL_CERT_FILE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO"] {
            environment[name] = path.string
        }
        return path
    }
}
