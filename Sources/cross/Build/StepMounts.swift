// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "RUN --mount".

import Console
import Dockerfile
import OCIStore
import Sandbox
import SystemPackage

/// What the `--mount`s of a `RUN` come to on this machine.
struct StepMounts {
    private(set) var mounts: [Mount] = []
    /// Digests of what is mounted and counts.
    private(set) var inputs: [Digest] = []
    private(set) var secretFiles: [StepFile] = []
    private(set) var secretVariables: [String: String] = [:]
    /// What is mounted, so that nobody removes it meanwhile.
    private var held: [HeldTree] = []
    private var caches: [String: CacheDirectory] = [:]

    init(_ wanted: [RunMount], _ stage: StageBuild, _ place: DockerfilePlace) throws {
        for mount in wanted { try add(mount, stage, place) }
    }

    private mutating func add(
        _ mount: RunMount,
        _ stage: StageBuild,
        _ place: DockerfilePlace
    ) throws {
        let target = FilePath(mount.target ?? "/")
        switch mount.kind {
        case .bind(let origin, let source):
            let record = try tree(of: origin, source, stage, place)
            if let record { inputs.append(record.chainID) }
            let held = try HeldTree(record, stage.build.steps.store)
            self.held.append(held)
            guard let found = try SourceTree(held.path).found(source.utf8) else {
                throw ContextError.notFound(source)
            }
            let path = held.path.pushing(
                FilePath(String(decoding: found.path.bytes, as: UTF8.self))
            )
            // Writes to a directory are dropped; a file is only read.
            mounts.append(
                mount.isReadOnly || !found.isDirectory
                    ? Mount(target: target, kind: .bind(path, .readOnly, missing: .fail))
                    : Mount(target: target, kind: .overlay(lower: path))
            )
        case .cache(let id, let sharing, let origin, let source, let ownership):
            let cache = try cache(id, sharing, origin, source, ownership.mode, stage, place)
            let access: Mount.Access = mount.isReadOnly ? .readOnly : .readWrite
            mounts.append(Mount(target: target, kind: .bind(cache.path, access, missing: .fail)))
        case .tmpfs: mounts.append(Mount(target: target, kind: .temporary(mode: 0o1777)))
        case .secret(let id, let variable, let isRequired, let ownership):
            guard let secret = stage.build.secrets[id] else {
                guard !isRequired else { throw BuildError.secret(place, id) }
                return
            }
            if let variable {
                secretVariables[variable] = String(decoding: secret, as: UTF8.self)
            }
            if let path = mount.target {
                let mode = ownership.mode ?? 0o400
                secretFiles.append(StepFile(path: path, content: secret, mode: mode & 0o777))
            }
        }
    }

    /// The tree that a bind is of; the context's becomes a layer first, less what is ignored.
    private func tree(
        of origin: FileOrigin,
        _ source: String,
        _ stage: StageBuild,
        _ place: DockerfilePlace
    ) throws -> StepRecord? {
        guard origin == .context else { return stage.sources.record(origin) }
        let step = CopyStep(binding: source)
        let tree = try SourceTree(stage.sources.context, ignoring: stage.sources.ignored)
        let selection = try tree.select(step)
        let digest = try tree.digest(of: selection, withOwners: false)
        let key = Digest.of(Array("bind 1\n\(digest)\n\(source)".utf8))
        let store = stage.build.steps.store
        return try stage.build.steps.result(key, "a mount of the context", above: nil) { _ in
            let root = try HeldTree(nil, store)
            var layer = try CopyLayer(in: store)
            let empty = try root.tree(stage.sources)
            try layer.copy(step, selection, from: tree, to: empty, place)
            return [try layer.publish()]
        }
    }

    /// A cache, made of what it begins with where it is new; the same for two mounts of a `RUN`.
    private mutating func cache(
        _ id: String,
        _ sharing: RunMount.Sharing,
        _ origin: FileOrigin,
        _ source: String,
        _ mode: UInt32?,
        _ stage: StageBuild,
        _ place: DockerfilePlace
    ) throws -> CacheDirectory {
        let record = try tree(of: origin, source, stage, place)
        // Caches that begin differently are different ones.
        let name = ([id] + (record.map { ["\($0.chainID)", source] } ?? []))
            .joined(separator: "\n")
        if let cache = caches[name] { return cache }
        let seed = try record.map { try HeldTree($0, stage.build.steps.store) }
        let cache = try CacheMounts(stage.build.steps.host).directory(
            name,
            sharing,
            mode: mode,
            from: seed.map { ($0, source) }
        ) {
            stage.build.steps.console.status(
                "Waiting",
                "for another step that uses the cache \(id)"
            )
        }
        caches[name] = cache
        return cache
    }
}
