// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: sccache, docs/Configuration.md.

import Glibc
import Sandbox
import SystemPackage

/// `build.sccache`: sccache in front of rustc, with the user's cache.
///
/// Its server runs inside and ends with the build: one of the host's would compile outside the
/// sandbox whatever a build script asks it to.
struct CompilerCache: Equatable {
    private static let program = "sccache"
    private static let inside = FilePath("/usr/local/bin/sccache")

    /// The host's program; `nil` where the root filesystem has one.
    private let hostProgram: FilePath?
    /// Where results are kept.
    let directory: FilePath
    private let variables: [String: String]

    /// The cache of a user.
    ///
    /// - Throws: `ConfigurationError.noCompilerCache`, where neither the root filesystem nor the host
    ///   has sccache.
    init(_ rootfs: borrowing Rootfs, _ host: Host) throws(ConfigurationError) {
        let isInside = rootfs.program(Self.program) != nil
        hostProgram = isInside ? nil : host.program(Self.program)?.canonical
        guard isInside || hostProgram != nil, let home = host.home else { throw .noCompilerCache }
        let cache = host.environment["XDG_CACHE_HOME"].map { host.absolute(FilePath($0)) }
        directory =
            host.environment["SCCACHE_DIR"].map { host.absolute(FilePath($0)) }
            ?? (cache ?? home.appending(".cache")).appending(Self.program)
        variables = host.environment.filter { $0.key.hasPrefix("SCCACHE_") }
    }

    /// Creates the directory, so that it can be mounted.
    ///
    /// - Throws: `WorkspaceError.cannotCreate`.
    func prepare() throws(WorkspaceError) {
        do throws(Errno) {
            try Directory.create(directory, mode: .directory)
        } catch {
            throw .cannotCreate(directory, error)
        }
    }

    var mounts: [Mount] {
        [Mount(directory, .readWrite)]
            + (hostProgram.map {
                [Mount(target: Self.inside, kind: .bind($0, .readOnly, missing: .fail))]
            } ?? [])
    }

    /// Adds what cargo and sccache look at.
    func apply(to environment: inout InsideEnvironment) {
        for (name, value) in variables { environment[name] = value }
        environment["RUSTC_WRAPPER"] = hostProgram == nil ? Self.program : Self.inside.string
        environment["SCCACHE_DIR"] = directory.string
        // The newer of the two is in the sandbox's own /tmp; the port keeps runs and the host apart.
        environment["SCCACHE_SERVER_UDS"] = "/tmp/sccache.sock"
        environment["SCCACHE_SERVER_PORT"] = String(20_000 + Int(getpid()) % 12_000)
    }
}
