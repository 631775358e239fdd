// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

/// Where everything in a store is; no other file spells a path of it.
///
///     $CROSS_STORE, else $XDG_DATA_HOME/cross, else $HOME/.local/share/cross
///       version                      the layout's version, one number
///       CACHEDIR.TAG                 tells backup programs to pass by
///       objects/ab/cdef…             file contents, named by content and metadata
///       layers/<diff-id>.mtree       what a layer says
///       frames/<diff-id>             how its archive says it, but for files' contents
///       rootfs/<chain-id>/           a root filesystem, whole or absent
///       images/<registry>/<repository…>/:<tag>/<os>-<architecture>[-<variant>].json
///       images/<registry>/<repository…>/@<digest>/…
///       recipes/<digest>.json        what was built from a recipe, or from what it was locked to
///       steps/<key>.json             what a step of a build came to
///       indexes/<digest>             package indexes as their archives compress them
///       locks/blob-… layer-… rootfs-… step-… filling
///       tmp/downloads/<digest>       compressed blobs, perhaps not yet whole
///       tmp/<unique>/                what a process is about to publish; locked while it lives
///
/// Digests are their 64 hexadecimal digits. A repository's component cannot start with `:` or `@`,
/// so tags and digests never meet a longer repository.
struct StoreLayout: Sendable {
    /// The version of this layout.
    static let version = 1

    static let objects: PathBytes = "objects"
    static let layers: PathBytes = "layers"
    static let frames: PathBytes = "frames"
    static let rootfs: PathBytes = "rootfs"
    static let images: PathBytes = "images"
    static let recipes: PathBytes = "recipes"
    static let steps: PathBytes = "steps"
    static let indexes: PathBytes = "indexes"
    static let locks: PathBytes = "locks"
    static let temporary: PathBytes = "tmp"
    static let downloads: PathBytes = "downloads"
    static let versionFile: PathBytes = "version"
    static let cacheTag: PathBytes = "CACHEDIR.TAG"

    /// What a store may hold before its version is written.
    static let names = [
        objects, layers, frames, rootfs, images, recipes, steps, indexes, locks, temporary,
        versionFile, cacheTag,
    ]

    // Inside a staging directory.
    static let stagedContent: PathBytes = "content"
    static let stagedIndex: PathBytes = "index"
    static let stagedFrame: PathBytes = "frame"
    static let stagedTree: PathBytes = "rootfs"
    static let stagedFile: PathBytes = "file"

    let root: FilePath

    static func defaultRoot(environment: [String: String]) -> FilePath? {
        if let path = environment["CROSS_STORE"], !path.isEmpty { return FilePath(path) }
        // XDG Base Directory Specification: a relative path is invalid and ignored.
        if let data = environment["XDG_DATA_HOME"], FilePath(data).isAbsolute {
            return FilePath(data).appending("cross")
        }
        guard let home = environment["HOME"], FilePath(home).isAbsolute else { return nil }
        return FilePath(home).appending(".local").appending("share").appending("cross")
    }

    func directory(_ name: PathBytes) -> FilePath { root.appending(name) }

    /// Relative to `objects`.
    static func shard(_ number: UInt8) -> PathBytes {
        let digits = String(number, radix: 16)
        return PathBytes(spelled: number < 16 ? "0" + digits : digits)
    }

    /// Relative to `objects`.
    static func object(_ object: ObjectName) -> PathBytes {
        var path = object.digest.hexadecimal
        path.insert(UInt8(ascii: "/"), at: 2)
        return PathBytes(spelled: path)
    }

    static func stagedObject(_ object: ObjectName) -> PathBytes {
        PathBytes(spelled: object.digest.hexadecimal)
    }

    /// Relative to `layers`.
    static func layer(_ diffID: Digest) -> PathBytes {
        PathBytes(spelled: "\(diffID.hex).mtree")
    }

    func layer(_ diffID: Digest) -> FilePath {
        directory(Self.layers).appending(Self.layer(diffID))
    }

    /// Relative to `frames`.
    static func frame(_ diffID: Digest) -> PathBytes { PathBytes(spelled: diffID.hex) }

    func frame(_ diffID: Digest) -> FilePath {
        directory(Self.frames).appending(Self.frame(diffID))
    }

    /// Relative to `rootfs`.
    static func rootfs(_ chainID: Digest) -> PathBytes { PathBytes(spelled: chainID.hex) }

    func rootfs(_ chainID: Digest) -> FilePath {
        directory(Self.rootfs).appending(Self.rootfs(chainID))
    }

    func download(_ digest: Digest) -> FilePath {
        directory(Self.temporary).appending(Self.downloads).appending(digest.hex)
    }

    func lock(_ name: LockName) -> FilePath {
        let file =
            switch name {
            case .blob(let digest): "blob-\(digest.hex)"
            case .layer(let digest): "layer-\(digest.hex)"
            case .rootfs(let digest): "rootfs-\(digest.hex)"
            case .step(let key): "step-\(key.hex)"
            }
        return directory(Self.locks).appending(file)
    }

    /// Held by those who fill the store, against those who prune it.
    var filling: FilePath { directory(Self.locks).appending("filling") }

    func image(_ reference: ImageReference, _ platform: Platform) throws(StoreError) -> FilePath {
        let parts = [platform.os, platform.architecture] + (platform.variant.map { [$0] } ?? [])
        guard parts.allSatisfy(isPlatformPart) else { throw .invalidPlatform(platform) }
        let version = reference.digest.map { "@\($0.hex)" } ?? ":\(reference.tag ?? "")"
        return reference.repository.split(separator: "/")
            .reduce(directory(Self.images).appending(reference.registry)) {
                $0.appending(String($1))
            }
            .appending(version)
            .appending("\(parts.joined(separator: "-")).json")
    }

    func recipe(_ digest: Digest) -> FilePath {
        directory(Self.recipes).appending("\(digest.hex).json")
    }

    func step(_ key: Digest) -> FilePath {
        directory(Self.steps).appending("\(key.hex).json")
    }

    /// Relative to `indexes`.
    static func index(_ digest: Digest) -> PathBytes { PathBytes(spelled: digest.hex) }

    func index(_ digest: Digest) -> FilePath {
        directory(Self.indexes).appending(Self.index(digest))
    }

    /// Go's names of systems, architectures and variants.
    private func isPlatformPart(_ part: String) -> Bool {
        !part.isEmpty && part.utf8.count <= 32
            && part.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
