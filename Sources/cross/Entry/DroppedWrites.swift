// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the kernel's Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories".

import Glibc
import OCIStore
import SystemPackage

/// What a build has written to a project whose changes are dropped.
struct DroppedWrites {
    /// What was made or changed, and what was removed, by its path inside; the first of them.
    private(set) var changed: [FilePath] = []
    private(set) var removed: [FilePath] = []
    /// How many there were besides.
    private(set) var others = 0

    private static let shown = 20
    private static let depth = 100

    /// Lists them.
    ///
    /// - Parameters:
    ///   - target: where they lay.
    ///   - directory: what overlayfs has kept of them. The build chose its names and modes: what cannot be
    ///     read is left out.
    init(_ target: FilePath, in directory: FileDescriptor) {
        let own = FilePath("/proc/self/fd/\(directory.rawValue)")
        guard let root = try? OwnedDescriptor(opening: own, O_RDONLY | O_DIRECTORY) else { return }
        list(root, as: target, depth: 0)
    }

    private mutating func list(
        _ directory: borrowing OwnedDescriptor,
        as path: FilePath,
        depth: Int
    ) {
        guard depth < Self.depth, var names = try? DirectoryListing(of: directory) else { return }
        while let entry = try? names.next() {
            let place = path.appending(entry.name)
            guard entry.isDirectory else {
                add(place, isRemoved: Self.isWhiteout(entry.name, in: directory))
                continue
            }
            let before = count
            if let below = try? directory.openDirectory(entry.name) {
                list(below, as: place, depth: depth + 1)
            }
            // Of one that is there because of what is in it, there is nothing to say.
            if count == before { add(place, isRemoved: false) }
        }
    }

    private var count: Int { changed.count + removed.count + others }

    private mutating func add(_ path: FilePath, isRemoved: Bool) {
        if count >= Self.shown {
            others += 1
        } else if isRemoved {
            removed.append(path)
        } else {
            changed.append(path)
        }
    }

    private static func isWhiteout(
        _ name: PathBytes,
        in directory: borrowing OwnedDescriptor
    ) -> Bool {
        guard let status = try? directory.status(of: name) else { return false }
        return status.st_mode & S_IFMT == S_IFCHR && status.st_rdev == 0
    }

    /// A line each; none where nothing was written.
    var lines: [String] {
        changed.map { "dropped: \($0)" } + removed.map { "dropped: the removal of \($0)" }
            + (others > 0 ? ["dropped: \(others) more"] : [])
    }
}
