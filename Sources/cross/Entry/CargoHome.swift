// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the Cargo Book, "Cargo Home".

import Glibc
import Sandbox
import SystemPackage

/// What a build sees of the user's cargo home: the packages, and not the credentials.
struct CargoHome {
    /// The user's directory, which has the same path inside.
    let path: FilePath

    /// The cargo home of a user.
    ///
    /// - Throws: `WorkspaceError.noCargoHome`, where neither `CARGO_HOME` nor a home is known.
    init(_ host: Host) throws(WorkspaceError) {
        guard let path = host.cargoHome else { throw .noCargoHome }
        self.path = path
    }

    /// What cargo itself writes, and several cargos lock against each other.
    private static let directories = ["registry", "git"]
    private static let locks = [".package-cache", ".package-cache-mutate"]
    private static let configurations = ["config.toml", "config"]

    /// Creates what is missing, so that it can be mounted.
    ///
    /// - Throws: `WorkspaceError.cannotCreate`.
    func prepare() throws(WorkspaceError) {
        for name in Self.directories {
            do throws(Errno) {
                try Directory.create(path.appending(name), mode: .directory)
            } catch {
                throw .cannotCreate(path.appending(name), error)
            }
        }
        for name in Self.locks {
            let file = path.appending(name)
            do {
                let lock = try FileDescriptor.open(
                    file,
                    .readWrite,
                    options: [.create, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead]
                )
                try lock.close()
            } catch {
                throw .cannotCreate(file, (error as? Errno) ?? .ioError)
            }
        }
    }

    /// An empty directory with just these things in it; `bin` and `credentials.toml` are not.
    ///
    /// For cargo alone, which fetches packages; nothing of theirs runs.
    var mountsForFetching: [Mount] {
        mounts(Self.directories.map { Mount(path.appending($0), .readWrite) })
    }

    /// The same, but that nothing is kept of what is written to the packages: a build script could
    /// change what other builds, the host's too, will compile.
    var mountsForBuilding: [Mount] {
        mounts(
            Self.directories.map {
                Mount(target: path.appending($0), kind: .overlay(lower: path.appending($0)))
            }
        )
    }

    private func mounts(_ packages: [Mount]) -> [Mount] {
        [Mount(target: path, kind: .temporary(mode: 0o755))] + packages
            + Self.locks.map { Mount(path.appending($0), .readWrite) }
            + Self.configurations.map { name in
                Mount(path.appending(name), .readOnly, missing: .skip)
            }
    }
}

extension Mount {
    /// A bind of something to the path it has on the host.
    init(_ path: FilePath, _ access: Access, missing: Missing = .fail) {
        self.init(target: path, kind: .bind(path, access, missing: missing))
    }

    /// Whether what lies there on the host lies there inside, too.
    var isAtItsOwnPath: Bool {
        if case .bind(let source, _, _) = kind { source == target } else { false }
    }
}
