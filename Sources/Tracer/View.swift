// SPDX-License-Identifier: MIT OR Apache-2.0

import Sandbox
import SystemPackage

/// Which path inside is which path outside.
///
/// The mounts of a spec, as they would have come to lie: the later hides the earlier, links of the root
/// on the way to a mount point are followed inside the root, and where the root has no such directory
/// there is one in the scratch.
struct View {
    /// A path inside, and everything below it.
    struct Place: Equatable {
        /// Without links, and `/` for the root.
        let guest: FilePath
        /// Without links.
        let host: FilePath
        let access: Mount.Access
        /// It is the host's `/proc`.
        var isProcesses = false
    }

    /// The longest `guest` first.
    private(set) var places: [Place]
    private let scratch: FilePath
    /// The root, where it is the spec's own to write.
    private let ownRoot: FilePath?
    private var count = 0

    /// The view of a spec.
    ///
    /// - Parameters:
    ///   - spec: its root is read-only here unless it is its own, so that a store stays what it is.
    ///   - scratch: a directory of the host, for what is temporary.
    /// - Throws: `TracerError.failed`.
    init(_ spec: SandboxSpec, scratch: FilePath) throws(TracerError) {
        self.scratch = scratch
        guard let root = HostFile.canonical(spec.root) else {
            throw .failed(.source, path: spec.root, errno: .noSuchFileOrDirectory)
        }
        ownRoot = spec.writes == .root ? root : nil
        places = [Place(guest: "/", host: root, access: ownRoot == nil ? .readOnly : .readWrite)]
        for path in ["/dev", "/proc", "/sys"] as [FilePath] {
            try add(Mount(target: path, kind: .bind(path, .readWrite, missing: .skip)))
        }
        if spec.writes == .memory {
            for path in ["/tmp", "/run", "/var/tmp"] as [FilePath] {
                try add(Mount(target: path, kind: .temporary(mode: 0o1777)))
            }
        }
        for mount in spec.mounts { try add(mount) }
    }

    /// Where a path inside lies outside.
    func host(_ guest: FilePath) -> FilePath {
        guard let place = places.first(where: { guest.starts(with: $0.guest) }) else {
            return guest
        }
        var rest = guest
        _ = rest.removePrefix(place.guest)
        return rest.isEmpty ? place.host : place.host.pushing(rest)
    }

    private mutating func add(_ mount: Mount) throws(TracerError) {
        let target = try resolve(mount.target)
        switch mount.kind {
        case .bind(let source, let access, let missing):
            guard let real = HostFile.canonical(source) else {
                if missing == .skip { return }
                throw .failed(.source, path: source, errno: .noSuchFileOrDirectory)
            }
            try place(target, at: real, access)
        case .temporary(let mode):
            let directory = nextDirectory()
            do throws(Errno) {
                try HostFile.makeDirectory(directory, mode: mode)
            } catch {
                throw .failed(.scratch, path: directory, errno: error)
            }
            try place(target, at: directory, .readWrite)
        case .overlay(let lower):
            // Nothing that is written is kept in memory here, so nothing can be written.
            guard let real = HostFile.canonical(lower) else {
                throw .failed(.source, path: lower, errno: .noSuchFileOrDirectory)
            }
            try place(target, at: real, .readOnly)
        }
    }

    private mutating func nextDirectory() -> FilePath {
        count += 1
        return scratch.appending(String(count))
    }

    private mutating func place(
        _ guest: FilePath,
        at host: FilePath,
        _ access: Mount.Access
    ) throws(TracerError) {
        try makeMountPoint(guest, isDirectory: HostFile.kind(host) == .directory)
        places.removeAll { $0.guest.starts(with: guest) && $0.guest != "/" }
        insert(Place(guest: guest, host: host, access: access, isProcesses: host == "/proc"))
    }

    private mutating func insert(_ place: Place) {
        let length = place.guest.bytes.count
        let index = places.firstIndex { $0.guest.bytes.count <= length } ?? places.endIndex
        places.insert(place, at: index)
    }

    /// Sees to it that the way to a mount point is there, so that it can be walked and listed.
    private mutating func makeMountPoint(
        _ guest: FilePath,
        isDirectory: Bool
    ) throws(TracerError) {
        guard HostFile.kind(host(guest)) == .missing else { return }
        var missing: [FilePath] = []
        var parent = guest.removingLastComponent()
        while HostFile.kind(host(parent)) == .missing, !parent.components.isEmpty {
            missing.append(parent)
            parent = parent.removingLastComponent()
        }
        do throws(Errno) {
            if !isOurs(host(parent)), let first = missing.popLast() {
                let directory = nextDirectory()
                try HostFile.makeDirectory(directory, mode: 0o755)
                insert(Place(guest: first, host: directory, access: .readWrite))
                parent = first
            }
            for directory in missing.reversed() {
                try HostFile.makeDirectory(host(directory), mode: 0o755)
            }
            // Elsewhere it is not ours to make; it is there all the same, only unlisted.
            guard isOurs(host(parent)) else { return }
            if isDirectory {
                try HostFile.makeDirectory(host(guest), mode: 0o755)
            } else {
                try HostFile.makeFile(host(guest))
            }
        } catch {
            throw .failed(.mountPoint, path: guest, errno: error)
        }
    }

    private func isOurs(_ host: FilePath) -> Bool {
        host.starts(with: scratch) || ownRoot.map(host.starts(with:)) ?? false
    }

    /// Follows the links on the way to a path, inside.
    private func resolve(_ path: FilePath) throws(TracerError) -> FilePath {
        var result: FilePath = "/"
        var rest = Array(path.lexicallyNormalized().components)[...]
        var links = 0
        while let component = rest.popFirst() {
            if component.kind == .currentDirectory { continue }
            if component.kind == .parentDirectory {
                result.removeLastComponent()
                continue
            }
            let next = result.appending(component)
            guard case .link(let target) = HostFile.kind(host(next)),
                !places.contains(where: { $0.guest == next })
            else {
                result = next
                continue
            }
            links += 1
            guard links <= 40 else {
                throw .failed(.mountPoint, path: path, errno: .tooManySymbolicLinkLevels)
            }
            if target.isAbsolute { result = "/" }
            rest = Array(target.components) + rest
        }
        return result
    }
}
