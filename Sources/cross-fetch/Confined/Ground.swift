// SPDX-License-Identifier: MIT OR Apache-2.0

import Confinement
import DebianArchive
import OCIRegistry
import OCIStore
import RootfsRecipe
import SystemPackage

/// The files that a run needs once it speaks to strangers.
///
/// What is not here it can neither read nor write (Landlock), whatever a stranger makes it do.
struct Ground {
    private let environment: [String: String]
    private var writable: [FilePath] = ["/dev/null"]
    private var readable: [FilePath] = []

    /// What TLS and the resolver of names read, wherever distributions keep it, and the locale.
    ///
    /// `/etc/resolv.conf` is often a link to one of the directories in `/run`, and replaced there. Dispatch
    /// reads `/proc/<thread>/stat`; what other processes have there that is secret, such as their
    /// environment, Landlock keeps from any process that it confines.
    private static let system: [FilePath] = [
        "/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/etc/crypto-policies",
        "/usr", "/lib", "/lib64", "/nix/store", "/gnu/store", "/etc/ld.so.cache",
        "/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/gai.conf",
        "/etc/services", "/etc/protocols", "/etc/passwd", "/etc/localtime", "/etc/machine-id",
        "/run/systemd/resolve", "/run/NetworkManager", "/run/resolvconf", "/run/nscd",
        "/dev/urandom", "/dev/random", "/proc",
        "/sys/devices/system/cpu", "/sys/fs/cgroup",
    ]

    /// A ground with the store and what everything needs.
    ///
    /// - Parameters:
    ///   - store: made where it is missing, as only what is there can be allowed.
    ///   - environment: by name.
    init(store: FilePath?, environment: [String: String]) {
        self.environment = environment
        readable = Self.system
        readable += ["SSL_CERT_FILE", "SSL_CERT_DIR", "OPENSSL_CONF"].compactMap {
            environment[$0].map { FilePath($0) }
        }
        // Where something is wrong with it, that is said instead of anything being done.
        if let store, let opened = try? Store(at: store) { writable.append(opened.path) }
    }

    /// Adds a file or directory of the user's that the command names.
    mutating func add(_ path: FilePath) {
        readable.append(path)
    }

    /// Adds a directory that the command writes to.
    mutating func add(output path: FilePath) {
        writable.append(path)
    }

    /// Adds the stores that are only read.
    mutating func addLowerStores() {
        readable += (environment["CROSS_STORE_RO"] ?? "").split(separator: ":").map {
            FilePath(String($0))
        }
    }

    /// Adds what the image's registry needs.
    mutating func add(_ reference: ImageReference) {
        readable += RegistryFiles.all(for: reference, environment: environment)
    }

    /// Adds what the archives of a recipe need.
    mutating func add(_ mirrors: RecipeRequest.Mirrors) {
        readable.append("/etc/apt")
        guard let locations = try? ArchiveLocations(mirrors: mirrors) else { return }
        for location in [locations.debian, locations.security] {
            for base in location.bases where base.scheme == "file" {
                readable.append(FilePath(base.path.isEmpty ? "/" : base.path))
            }
            for case .file(let path) in location.keys.keyrings { readable.append(path) }
        }
    }

    /// Where the program itself stays.
    var own: Confinement { Confinement(writable: writable, readable: readable) }

    /// Where gpgv and pip stay, which read the user's own configuration: anything may be read and
    /// run, and written only what is here, and pip's cache.
    var ofHelpers: Confinement {
        let cache =
            environment["XDG_CACHE_HOME"] ?? environment["HOME"].map { "\($0)/.cache" } ?? "/tmp"
        let temporary = environment["TMPDIR"] ?? "/tmp"
        return Confinement(
            writable: writable + ["/tmp", "/var/tmp", "/dev/shm", "/dev/tty"]
                + [FilePath(cache), FilePath(temporary)],
            readable: [],
            runnable: ["/"]
        )
    }
}
