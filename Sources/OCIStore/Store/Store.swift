// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
public import SystemPackage

/// The content-addressed store of layers and root filesystems, shared by all processes of a user.
///
/// It has no state in memory: the truth is on disk, where processes agree by flock(2) and publish
/// by rename(2). `StoreLayout` draws it.
public struct Store: Sendable {
    let layout: StoreLayout
    /// Whether nothing may be written to it, nor locked in it.
    let isReadOnly: Bool
    /// What is looked up where this one has nothing; these are only read.
    let lower: [Store]

    /// The store's directory, absolute.
    public var path: FilePath { layout.root }

    /// Where the store is unless the user says otherwise.
    ///
    /// - Parameter environment: `CROSS_STORE`, else `XDG_DATA_HOME`, else `HOME` is read; empty
    ///   values count as unset.
    /// - Returns: a path; `nil` where none of them helps.
    public static func defaultPath(environment: [String: String]) -> FilePath? {
        StoreLayout.defaultRoot(environment: environment)
    }

    /// Opens a store, or makes one where there is nothing or an empty directory.
    ///
    /// - Parameters:
    ///   - path: of the store; relative to the working directory unless absolute.
    ///   - lower: stores that are looked into where this one has nothing.
    /// - Throws: `StoreError` where the directory is not one that only this user can have filled.
    public init(at path: FilePath, above lower: [Store] = []) throws(StoreError) {
        self.layout = StoreLayout(root: try Self.absolute(path))
        self.lower = lower
        isReadOnly = false
        let root = try Self.open(layout.root)
        guard let version = try Self.version(of: root) else {
            try Self.initialise(root)
            return
        }
        guard version <= StoreLayout.version else {
            throw .newerVersion(layout.root, found: version, supported: StoreLayout.version)
        }
        let mode = try root.status().st_mode & 0o777
        guard mode & 0o022 == 0 else { throw .writableByOthers(layout.root, mode: mode) }
    }

    /// Opens what is there and stays as it is.
    init(lower path: FilePath) throws(StoreError) {
        layout = StoreLayout(root: path)
        lower = []
        isReadOnly = true
        let root = try OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY)
        let status = try root.status()
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw .foreignOwner(path, uid: status.st_uid)
        }
        guard status.st_mode & 0o022 == 0 else {
            throw .writableByOthers(path, mode: status.st_mode & 0o777)
        }
        guard let version = try Self.version(of: root) else { throw .notAStore(path) }
        guard version <= StoreLayout.version else {
            throw .newerVersion(path, found: version, supported: StoreLayout.version)
        }
    }

    /// Makes the directories that are missing: some people remove one by hand, to make room.
    ///
    /// Not on opening, where a build that has all it needs would look for each of them.
    func makeWhole() throws(StoreError) {
        try Self.makeDirectories(
            in: OwnedDescriptor(opening: layout.root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        )
    }

    /// Whether the store has a layer.
    ///
    /// - Parameter diffID: the digest of the uncompressed layer.
    /// - Returns: true where it need not be fetched.
    public func hasLayer(_ diffID: Digest) -> Bool {
        unsafe layout.layer(diffID).withPlatformString { unsafe access($0, F_OK) } == 0
    }

    /// Where a compressed blob is while it is downloaded and until it is unpacked.
    ///
    /// - Parameter digest: of the blob.
    /// - Returns: a path whose directory exists; what a killed process left there may be resumed.
    public func downloadPath(_ digest: Digest) -> FilePath {
        layout.download(digest)
    }

    /// Removes a blob whose layer is in the store: a process that was killed in between left it.
    ///
    /// - Parameter digest: of the blob.
    package func discardDownload(_ digest: Digest) {
        _ = unsafe downloadPath(digest).withPlatformString { unsafe unlink($0) }
    }

    static func absolute(_ path: FilePath) throws(StoreError) -> FilePath {
        guard path.isRelative else { return path }
        guard let current = unsafe getcwd(nil, 0) else {
            throw .system(call: "getcwd", path: path, Errno(rawValue: errno))
        }
        defer { unsafe free(current) }
        return unsafe FilePath(platformString: current).pushing(path)
    }

    /// Opens the directory, making it and those above it where they are missing.
    private static func open(_ path: FilePath) throws(StoreError) -> OwnedDescriptor {
        do throws(StoreError) {
            return try openChecked(path)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
        }
        var missing = FilePath(root: path.root, [])
        var refusal: StoreError?
        for component in path.components {
            missing.append(component)
            let status = unsafe missing.withPlatformString { unsafe mkdir($0, 0o700) }
            let code = Errno(rawValue: errno)
            guard
                status == 0 || code == .fileExists || code == .permissionDenied
                    || code == .readOnlyFileSystem
            else { throw .system(call: "mkdir", path: missing, code) }
            // What is there already may be refused before it is found to be there.
            if status != 0, code != .fileExists, refusal == nil, !exists(missing) {
                refusal = .system(call: "mkdir", path: missing, code)
            }
            // umask(2): it may have taken the owner's own permission away.
            if status == 0 {
                _ = unsafe missing.withPlatformString { unsafe chmod($0, 0o700) }
            }
        }
        if let refusal { throw refusal }
        return try openChecked(path)
    }

    private static func exists(_ path: FilePath) -> Bool {
        unsafe path.withPlatformString { unsafe access($0, F_OK) } == 0
    }

    private static func openChecked(_ path: FilePath) throws(StoreError) -> OwnedDescriptor {
        do throws(StoreError) {
            let root = try OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            let status = try root.status()
            guard status.st_uid == geteuid() else {
                throw StoreError.foreignOwner(path, uid: status.st_uid)
            }
            return root
        } catch {
            // open(2): O_NOFOLLOW with O_DIRECTORY is ENOTDIR for a symbolic link.
            guard error.errno == .notDirectory || error.errno == .tooManySymbolicLinkLevels,
                isSymbolicLink(path)
            else { throw error }
            throw .symbolicLink(path)
        }
    }

    private static func isSymbolicLink(_ path: FilePath) -> Bool {
        var status = stat()
        let result = unsafe path.withPlatformString { unsafe lstat($0, &status) }
        return result == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    private static func version(of root: borrowing OwnedDescriptor) throws(StoreError) -> Int? {
        do throws(StoreError) {
            let file = try OwnedDescriptor(
                opening: StoreLayout.versionFile,
                in: root,
                O_RDONLY | O_NOFOLLOW
            )
            let bytes = try file.readAll(limit: 64)
            // A power cut before anything was published may leave it so.
            guard !bytes.isEmpty else { return nil }
            guard bytes.last == UInt8(ascii: "\n"),
                let version = Int(String(decoding: bytes.dropLast(), as: UTF8.self))
            else { throw .damaged(file.path, line: 1) }
            return version
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            return nil
        }
    }

    /// Lays an empty directory out as a store; two processes may do so at once.
    ///
    /// The version is written last: a store without it is one whose making was interrupted. What is
    /// published first makes it durable, too.
    private static func initialise(_ root: borrowing OwnedDescriptor) throws(StoreError) {
        var listing = try DirectoryListing(of: root)
        while let entry = try listing.next() {
            guard StoreLayout.names.contains(entry.name) else { throw .notAStore(root.path) }
        }
        try systemCall("fchmod", root.path) { fchmod(root.raw, 0o700) }
        try makeDirectories(in: root)
        // Source: bford.info/cachedir.
        let tag = "Signature: 8a477f597d28d172789f06886806bc55\n"
        let layout = StoreLayout(root: root.path)
        let version = "\(StoreLayout.version)\n"
        for (name, text) in [(StoreLayout.cacheTag, tag), (StoreLayout.versionFile, version)] {
            try write(Array(text.utf8), to: root, name, layout, isSynchronised: false)
        }
    }

    private static func makeDirectories(
        in root: borrowing OwnedDescriptor
    ) throws(StoreError) {
        for name in [
            StoreLayout.objects, StoreLayout.layers, StoreLayout.rootfs, StoreLayout.images,
            StoreLayout.locks,
        ] where !root.contains(name) {
            _ = try root.openOrMakeDirectory(name)
        }
        guard !root.contains(StoreLayout.temporary.appending(StoreLayout.downloads)) else {
            return
        }
        let temporary = try root.openOrMakeDirectory(StoreLayout.temporary)
        _ = try temporary.openOrMakeDirectory(StoreLayout.downloads)
    }

    /// Puts a small file in place, whole or not at all.
    static func write(
        _ bytes: [UInt8],
        to directory: borrowing OwnedDescriptor,
        _ name: PathBytes,
        _ layout: StoreLayout,
        isSynchronised: Bool = true
    ) throws(StoreError) {
        let staging = try Staging(in: layout)
        let file = try staging.directory.makeFile(StoreLayout.stagedFile)
        try file.write(bytes)
        if isSynchronised { try file.synchronise() }
        try staging.directory.rename(StoreLayout.stagedFile, to: directory, name)
    }
}
