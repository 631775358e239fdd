// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "COPY"; BuildKit's copy where the reference is silent.

import Glibc
import OCIStore

extension SourceTree {
    /// Looks up what a step copies.
    ///
    /// - Parameter step: its paths and patterns count, its URLs and documents do not.
    /// - Returns: what they stand for; a pattern may stand for nothing.
    /// - Throws: `ContextError.notFound` for a path that leads nowhere.
    package func select(_ step: CopyStep) throws(ContextError) -> CopySelection {
        let excluded = try patterns(step.excluded)
        var sources: [CopySelection.Source] = []
        for case .path(let path) in step.sources {
            sources +=
                step.keepsParents
                ? try withParents(path, excluded) : try plain(path, excluded)
        }
        let hasPattern = step.sources.contains { source in
            if case .path(let path) = source { !PathPattern.isLiteral(path.utf8) } else { false }
        }
        return CopySelection(
            sources: sources,
            needsDirectory: step.sources.count > 1 || hasPattern && sources.count > 1
        )
    }

    /// A path, or a pattern of Go's filepath.Match.
    private func plain(
        _ text: String,
        _ excluded: PathPatterns
    ) throws(ContextError) -> [CopySelection.Source] {
        let names = Self.names(GuestPath.clean(text).utf8)
        let literal = names.prefix { PathPattern.isLiteral($0.bytes) }
        guard literal.count < names.count else {
            guard let path = try resolve(TreePath(names: names).bytes),
                let source = try source(path, names.last, excluded)
            else { throw .notFound(text) }
            return [source]
        }
        var sources: [CopySelection.Source] = []
        for path in try expand(text, names, literal.count) {
            // What a pattern matches may be a link, which is followed.
            guard let resolved = try resolve(path.bytes) else { throw .notFound(text) }
            if let source = try source(resolved, path.names.last, excluded) {
                sources.append(source)
            }
        }
        return sources
    }

    /// What one path stands for; `nil` where patterns leave it out.
    private func source(
        _ path: TreePath,
        _ name: PathBytes?,
        _ excluded: PathPatterns
    ) throws(ContextError) -> CopySelection.Source? {
        guard let start = try entry(at: path) else { return nil }
        var walk = TreeWalk(ignored: ignored, excluded: excluded)
        var matched = walk.matched(at: path)
        guard start.kind == .directory else {
            guard let name else { return nil }
            // A file that is named itself is seen by its own name.
            matched.excluded = excluded.match(Array(name.bytes), in: matched.excluded)
            try walk.take(start, matched) { path throws(ContextError) in try directory(path) }
            return walk.entries.first.map { .file($0, name: name) }
        }
        try walk.take(start, matched) { path throws(ContextError) in try directory(path) }
        return walk.entries.isEmpty ? nil : .contents(walk.entries)
    }

    /// `--parents`: everything below a point that matches, with the directories in between.
    ///
    /// The point is `/./` in the path, else the root of the tree.
    private func withParents(
        _ text: String,
        _ excluded: PathPatterns
    ) throws(ContextError) -> [CopySelection.Source] {
        let (point, below) = Self.cut(Array(text.utf8))
        let pattern = String(decoding: below, as: UTF8.self)
        let names = Self.names(GuestPath.clean(String(decoding: point, as: UTF8.self)).utf8)
        let literal = names.prefix { PathPattern.isLiteral($0.bytes) }
        let starts =
            literal.count == names.count
            ? [TreePath(names: names)] : try expand(text, names, literal.count)
        let isLiteral = literal.count == names.count && PathPattern.isLiteral(below)
        let included = try patterns([GuestPath.clean(pattern)])
        var sources: [CopySelection.Source] = []
        for start in starts {
            guard let path = try resolve(start.bytes), let start = try entry(at: path) else {
                throw .notFound(text)
            }
            var walk = TreeWalk(ignored: ignored, excluded: excluded, included: included)
            if GuestPath.clean(pattern) == "/" {
                walk = TreeWalk(ignored: ignored, excluded: excluded)
            }
            try walk.take(start, walk.matched(at: path)) { path throws(ContextError) in
                try directory(path)
            }
            if !walk.entries.isEmpty { sources.append(.contents(walk.entries)) }
        }
        guard !isLiteral || !sources.isEmpty else { throw .notFound(text) }
        return sources
    }

    /// What stands in front of the first `/./` and behind it.
    private static func cut(_ path: [UInt8]) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
        let mark = Array("/./".utf8)
        for index in path.indices where path[index...].starts(with: mark) {
            return (path[..<index], path[(index + mark.count)...])
        }
        return (path[..<0], path[...])
    }

    /// The paths that names match of which some are patterns; those in front are looked up first.
    private func expand(
        _ text: String,
        _ names: [PathBytes],
        _ literal: Int
    ) throws(ContextError) -> [TreePath] {
        guard let start = try resolve(TreePath(names: Array(names[..<literal])).bytes) else {
            return []
        }
        var found = [start]
        for (offset, name) in names[literal...].enumerated() {
            guard let pattern = PathPattern(name.bytes, isDeep: false) else {
                throw .pattern(PathPatternError(pattern: Array(text.utf8), line: nil), file: nil)
            }
            var next: [TreePath] = []
            for path in found {
                // Links in between lead nowhere for a pattern.
                let isDirectory = try status(path)?.isDirectory == true
                guard offset == 0 || isDirectory else { continue }
                for name in try namesInside(path) where pattern.matches(.init(name.bytes)) {
                    next.append(path.appending(name))
                }
            }
            found = next
        }
        return found
    }

    private func namesInside(_ path: TreePath) throws(ContextError) -> [PathBytes] {
        let directory = try directory(path)
        do throws(StoreError) { return try directory.names() } catch { throw .system(error) }
    }

    private func entry(at path: TreePath) throws(ContextError) -> CopySelection.Entry? {
        guard let status = try status(path) else { return nil }
        return try CopySelection.Entry(path: [], origin: path, status) {
            () throws(ContextError) in
            try target(path)
        }
    }

    private func patterns(_ texts: [String]) throws(ContextError) -> PathPatterns {
        do throws(PathPatternError) {
            return try PathPatterns(texts)
        } catch {
            throw .pattern(error, file: nil)
        }
    }
}

extension stat {
    fileprivate var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
}
