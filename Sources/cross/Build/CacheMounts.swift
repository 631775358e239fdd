// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "RUN --mount=type=cache".

import Dockerfile
import Glibc
import OCIStore
import SystemPackage

/// A directory that stays from build to build, with whatever lock its use needs.
final class CacheDirectory {
    /// Where it is on the host.
    let path: FilePath
    /// flock(2): the lock goes with it.
    private let descriptor: OwnedDescriptor

    fileprivate init(_ path: FilePath) throws(StoreError) {
        self.path = path
        descriptor = try OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }

    /// - Returns: false where somebody else has it, and nobody waits.
    fileprivate func lock(_ operation: CInt) throws(StoreError) -> Bool {
        try descriptor.lock(operation)
    }
}

/// Directories that stay from build to build; nothing that is built depends on what they hold.
struct CacheMounts {
    private let parent: FilePath

    init(_ host: Host) throws(BuildError) {
        guard let cache = host.cacheDirectory else { throw .noCache }
        parent = cache.appending("mounts")
    }

    /// The directory of a cache, made where it is missing.
    ///
    /// - Parameters:
    ///   - name: unlike that of any other cache.
    ///   - sharing: with whom it is used at a time.
    ///   - mode: of a new one.
    ///   - seed: what a new one begins with: a directory of a tree.
    ///   - waiting: called before waiting for somebody else to be done with it.
    /// - Returns: the directory, locked as long as the value lives.
    /// - Throws: `BuildError.cache`, `ContextError`, or `StoreError`.
    func directory(
        _ name: String,
        _ sharing: RunMount.Sharing,
        mode: UInt32?,
        from seed: (tree: HeldTree, source: String)?,
        waiting: () -> Void
    ) throws -> CacheDirectory {
        let hex = Digest.of(Array(name.utf8)).hex
        if sharing == .private {
            for number in 0... {
                let cache = try made(number == 0 ? hex : "\(hex)-\(number)", mode, seed)
                if try cache.lock(LOCK_EX | LOCK_NB) { return cache }
            }
        }
        let cache = try made(hex, mode, seed)
        let operation = sharing == .locked ? LOCK_EX : LOCK_SH
        if try !cache.lock(operation | LOCK_NB) {
            waiting()
            _ = try cache.lock(operation)
        }
        return cache
    }

    private func made(
        _ name: String,
        _ mode: UInt32?,
        _ seed: (tree: HeldTree, source: String)?
    ) throws -> CacheDirectory {
        let path = parent.appending(name)
        if !path.isDirectory {
            do throws(Errno) {
                try Directory.create(parent, mode: [.ownerReadWriteExecute])
            } catch {
                throw BuildError.cache(path, error)
            }
            try make(name, (mode ?? 0o755) & 0o7777, seed)
        }
        return try CacheDirectory(path)
    }

    /// Makes a cache, whole or not at all, since it is made beside its place.
    ///
    /// Where another process was faster, its one counts.
    private func make(
        _ name: String,
        _ mode: UInt32,
        _ seed: (tree: HeldTree, source: String)?
    ) throws {
        let directory = try OwnedDescriptor(opening: parent, O_RDONLY | O_DIRECTORY)
        let beside = PathBytes(spelled: ".\(name)-\(getpid())")
        let cache = try directory.makeDirectory(beside)
        do {
            if let seed { try CacheSeed(seed.tree, seed.source).copy(into: cache) }
            try directory.changeMode(beside, to: mode)
            try directory.rename(beside, to: directory, PathBytes(spelled: name))
        } catch {
            try cache.removeContents()
            try directory.removeDirectory(beside)
            guard parent.appending(name).isDirectory else { throw error }
        }
    }
}

/// The files that a new cache begins with.
private struct CacheSeed {
    private let tree: HeldTree
    private let source: String

    init(_ tree: HeldTree, _ source: String) {
        self.tree = tree
        self.source = source
    }

    /// Copies them, for a cache is written to and the files of the store are not.
    func copy(into cache: borrowing OwnedDescriptor) throws {
        let tree = try SourceTree(tree.path)
        for case let part in try tree.select(CopyStep(binding: source)).sources {
            guard case .contents(let entries) = part else {
                throw ContextError.notADirectory(Array(source.utf8))
            }
            for entry in entries where !entry.path.isEmpty {
                try copy(entry, tree, into: cache)
            }
        }
    }

    private func copy(
        _ entry: CopySelection.Entry,
        _ tree: borrowing SourceTree,
        into cache: borrowing OwnedDescriptor
    ) throws {
        guard let name = entry.path.last else { return }
        var directory = try cache.openDirectory(".")
        for name in entry.path.dropLast() { directory = try directory.openDirectory(name) }
        switch entry.kind {
        case .directory:
            _ = try directory.makeDirectory(name)
            // More is to come into it.
            try directory.changeMode(name, to: entry.mode & 0o1777 | 0o700)
        case .symbolicLink(let target): try directory.makeSymbolicLink(name, to: target)
        case .fifo: try directory.makeFIFO(name)
        case .file:
            let file = try directory.makeFile(name)
            let source = try tree.file(entry.origin)
            var buffer = [UInt8](repeating: 0, count: 128 * 1024)
            while case let count = try source.read(into: &buffer, from: 0), count > 0 {
                try file.write(Array(buffer[..<count]))
            }
            try directory.changeMode(name, to: entry.mode & 0o777)
        }
    }
}
