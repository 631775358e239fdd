// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore

/// Takes in what is below one directory of a tree, less what patterns leave out.
///
/// A directory that is left out is there after all if something below it is not.
struct TreeWalk {
    /// What holds for a directory by way of the patterns.
    struct Matched {
        var ignored: PathPatterns.Matched
        var excluded: PathPatterns.Matched
        var included: PathPatterns.Matched
    }

    let ignored: PathPatterns
    /// `--exclude`, seen from the source.
    let excluded: PathPatterns
    /// `--parents`, seen from the source; `nil` where everything is meant.
    let included: PathPatterns?
    private(set) var entries: [CopySelection.Entry] = []
    /// Directories on the way down that were not meant themselves.
    private var pending: [CopySelection.Entry] = []

    init(ignored: PathPatterns, excluded: PathPatterns, included: PathPatterns? = nil) {
        self.ignored = ignored
        self.excluded = excluded
        self.included = included
    }

    /// What holds for a path that the walk begins at.
    func matched(at path: TreePath) -> Matched {
        var ignoredThere = ignored.start
        for count in path.names.indices {
            let above = TreePath(names: Array(path.names[...count]))
            ignoredThere = ignored.match(above.bytes, in: ignoredThere)
        }
        return Matched(
            ignored: ignoredThere,
            excluded: excluded.start,
            included: included?.start ?? PathPatterns.none.start
        )
    }

    /// Takes in something and, of a directory, which is opened for that, what is below.
    mutating func take(
        _ entry: CopySelection.Entry,
        _ matched: Matched,
        _ directory: (TreePath) throws(ContextError) -> OwnedDescriptor
    ) throws(ContextError) {
        let isMeant = isMeant(matched, isStart: entry.path.isEmpty)
        if isMeant { append(entry) }
        guard entry.kind == .directory, isMeant || couldHold(entry) else { return }
        guard entry.origin.names.count < LayerPath.maximumDepth else {
            throw .tooDeep(entry.origin.bytes)
        }
        let count = pending.count
        if !isMeant { pending.append(entry) }
        defer { pending.removeLast(max(0, pending.count - count)) }
        // Closed before going down: a deep tree needs no more descriptors than a flat one.
        for inner in try contents(of: directory(entry.origin), entry) {
            try take(inner, inside(matched, inner), directory)
        }
    }

    private func inside(_ matched: Matched, _ entry: CopySelection.Entry) -> Matched {
        let local = TreePath(names: entry.path).bytes
        return Matched(
            ignored: ignored.match(entry.origin.bytes, in: matched.ignored),
            excluded: excluded.match(local, in: matched.excluded),
            included: included?.match(local, in: matched.included) ?? matched.included
        )
    }

    private func isMeant(_ matched: Matched, isStart: Bool) -> Bool {
        guard !matched.ignored.isMatched, !matched.excluded.isMatched else { return false }
        return included == nil || matched.included.isMatched
    }

    /// Whether something below could be meant although the directory is not.
    private func couldHold(_ entry: CopySelection.Entry) -> Bool {
        if let included, !included.couldMatch(below: entry.path.map(\.bytes)) { return false }
        return included != nil || ignored.couldExcept(below: entry.origin.slices)
            || excluded.couldExcept(below: entry.path.map(\.bytes))
    }

    private mutating func append(_ entry: CopySelection.Entry) {
        entries += pending
        pending.removeAll()
        entries.append(entry)
    }

    private func contents(
        of directory: consuming OwnedDescriptor,
        _ parent: CopySelection.Entry
    ) throws(ContextError) -> [CopySelection.Entry] {
        do throws(StoreError) {
            var entries: [CopySelection.Entry] = []
            for name in try directory.names() {
                let status = try directory.status(of: name)
                let entry = try CopySelection.Entry(
                    path: parent.path + [name],
                    origin: parent.origin.appending(name),
                    status
                ) { () throws(StoreError) in
                    try directory.target(of: name)
                }
                if let entry { entries.append(entry) }
            }
            return entries
        } catch {
            throw .system(error)
        }
    }
}

extension CopySelection.Entry {
    /// What lstat(2) says of something; `nil` for what is not copied.
    init?<Failure: Error>(
        path: [PathBytes],
        origin: TreePath,
        _ status: stat,
        target: () throws(Failure) -> PathBytes
    ) throws(Failure) {
        let kind: Kind
        switch status.st_mode & S_IFMT {
        case S_IFDIR: kind = .directory
        case S_IFREG: kind = .file(size: Int64(status.st_size))
        case S_IFLNK: kind = .symbolicLink(try target())
        case S_IFIFO: kind = .fifo
        default: return nil
        }
        self.init(
            path: path,
            origin: origin,
            kind: kind,
            mode: status.st_mode & 0o7777,
            uid: status.st_uid,
            gid: status.st_gid
        )
    }
}
