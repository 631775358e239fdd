// SPDX-License-Identifier: MIT OR Apache-2.0

package import OCIStore

/// What the paths of a `COPY` or an `ADD` stand for in a tree.
package struct CopySelection: Hashable, Sendable {
    /// Something that is copied.
    package struct Entry: Hashable, Sendable {
        /// What kinds of things are copied; sockets and devices are not.
        package enum Kind: Hashable, Sendable {
            /// A directory; its contents follow.
            case directory
            /// A file of so many bytes.
            case file(size: Int64)
            /// A symbolic link, copied as it is.
            case symbolicLink(PathBytes)
            /// A named pipe.
            case fifo
        }

        /// Where to, below the destination; empty for the destination itself.
        package let path: [PathBytes]
        /// Where from, in the tree.
        package let origin: TreePath
        /// What.
        package let kind: Kind
        /// Permission bits with setuid, setgid and sticky bit.
        package let mode: UInt32
        /// The owner in the tree.
        package let uid: UInt32
        /// The group in the tree.
        package let gid: UInt32
    }

    /// One thing that a source's path or pattern stands for.
    package enum Source: Hashable, Sendable {
        /// The contents of a directory, those above first; they go into the destination.
        case contents([Entry])
        /// A file, by the name it has in the destination, where that is a directory.
        case file(Entry, name: PathBytes)
    }

    /// In the order of the instruction, and by name where one is a pattern.
    package let sources: [Source]
    /// Whether the instruction names several sources, or patterns, which need a directory.
    let needsDirectory: Bool

    /// One of the sources alone.
    package func only(_ source: Source) -> CopySelection {
        CopySelection(sources: [source], needsDirectory: needsDirectory)
    }

    /// All that is copied, with where it goes.
    ///
    /// - Parameters:
    ///   - destination: as the step has it.
    ///   - isDirectory: whether there is a directory already.
    /// - Returns: entries whose paths are below the destination, or empty for the destination.
    /// - Throws: `ContextError.severalSources`.
    package func entries(
        for destination: String,
        isDirectory: Bool
    ) throws(ContextError) -> [Entry] {
        let intoDirectory = isDirectory || destination.utf8.last == UInt8(ascii: "/")
        let files = sources.count { if case .file = $0 { true } else { false } }
        guard intoDirectory || files == 0 || sources.count == 1 && !needsDirectory else {
            throw .severalSources(destination: destination)
        }
        return sources.flatMap { source in
            switch source {
            case .contents(let entries): entries
            case .file(let entry, let name): [intoDirectory ? entry.moved(below: name) : entry]
            }
        }
    }
}

extension CopySelection.Entry {
    fileprivate func moved(below name: PathBytes) -> Self {
        Self(path: [name] + path, origin: origin, kind: kind, mode: mode, uid: uid, gid: gid)
    }
}
