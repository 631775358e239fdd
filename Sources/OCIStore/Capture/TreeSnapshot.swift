// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: inode(7), "Timestamps": no call sets the time of the last status change to any but the present.

import Glibc
import SystemPackage

/// What is in a tree at one moment, to tell later what was changed in it.
struct TreeSnapshot {
    /// Of each directory the names, and of what is no directory the inode; for a directory that is 0, for
    /// overlayfs numbers directories anew when it likes.
    private let directories: [LayerPath: [PathBytes: ino_t]]
    /// What was changed after it was changed since.
    private let moment: ModificationTime

    /// Takes in everything below a directory.
    ///
    /// - Parameters:
    ///   - root: which nobody changes meanwhile.
    ///   - clock: a directory of the same file system, to ask it for the time.
    /// - Throws: `StoreError.system`.
    init(
        of root: borrowing OwnedDescriptor,
        clock: borrowing OwnedDescriptor
    ) throws(StoreError) {
        var directories: [LayerPath: [PathBytes: ino_t]] = [:]
        try Self.takeContents(of: root, .root, into: &directories)
        self.directories = directories
        // The kernel's clock for files stands still for some milliseconds, so both that was done before and
        // what comes after keep apart from the moment.
        usleep(Self.tick)
        let file: PathBytes = "clock"
        moment = ModificationTime(changed: try clock.makeFile(file).status())
        usleep(Self.tick)
    }

    /// Microseconds: twice the longest that a kernel is configured for.
    private static let tick: UInt32 = 20_000

    private static func takeContents(
        of directory: borrowing OwnedDescriptor,
        _ path: LayerPath,
        into directories: inout [LayerPath: [PathBytes: ino_t]]
    ) throws(StoreError) {
        var listing = try DirectoryListing(of: directory)
        var names: [PathBytes: ino_t] = [:]
        while let entry = try listing.next() {
            let status = try directory.status(of: entry.name)
            names[entry.name] = entry.isDirectory ? 0 : status.st_ino
            guard entry.isDirectory else { continue }
            let inner = try directory.openWhateverMode(entry.name, status)
            try takeContents(of: inner, path.appending(entry.name), into: &directories)
        }
        directories[path] = names
    }

    /// The names that a directory had.
    func names(in path: LayerPath) -> some Collection<PathBytes> {
        (directories[path] ?? [:]).keys
    }

    /// Whether something is what it was; of a directory, whatever is in it.
    func has(_ status: stat, at path: LayerPath) -> Bool {
        guard let name = path.components.last,
            let inode = directories[path.parent]?[name]
        else { return false }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        guard inode == (isDirectory ? 0 : status.st_ino) else { return false }
        let changed = ModificationTime(changed: status)
        return (changed.seconds, changed.nanoseconds) <= (moment.seconds, moment.nanoseconds)
    }
}

extension ModificationTime {
    /// When anything of an inode was changed last.
    fileprivate init(changed status: stat) {
        self.init(
            seconds: Int64(status.st_ctim.tv_sec),
            nanoseconds: Int64(status.st_ctim.tv_nsec)
        )
    }
}
