// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
package import OCIStore
package import SystemPackage

/// A directory that sources are copied from: the context, or a root filesystem.
///
/// Nothing outside of it is ever opened. Symbolic links are followed by reading them, with the
/// tree's root as theirs; what is opened then is opened name by name from the root down, following
/// none.
package struct SourceTree: ~Copyable {
    private let root: OwnedDescriptor
    /// What is as good as not there.
    let ignored: PathPatterns

    /// Opens a tree.
    ///
    /// - Parameters:
    ///   - path: a directory.
    ///   - ignored: what is as good as not there.
    /// - Throws: `ContextError.system`.
    package init(
        _ path: FilePath,
        ignoring ignored: PathPatterns = .none
    ) throws(ContextError) {
        do throws(StoreError) {
            root = try OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY)
        } catch {
            throw .system(error)
        }
        self.ignored = ignored
    }

    /// Opens a directory of the tree.
    ///
    /// - Parameter path: of a directory, by its own names: none of them may be a link.
    /// - Returns: the directory, open for reading.
    /// - Throws: `ContextError.changed` where it is none any more, `.system`.
    package func directory(_ path: TreePath) throws(ContextError) -> OwnedDescriptor {
        do throws(StoreError) {
            var directory = try root.openDirectory(".")
            for name in path.names { directory = try directory.openDirectory(name) }
            return directory
        } catch {
            throw Self.explained(error, path)
        }
    }

    /// Opens a file of the tree.
    ///
    /// - Parameter path: of a regular file.
    /// - Returns: the file, open for reading.
    /// - Throws: `ContextError.changed` where it is none any more.
    package func file(_ path: TreePath) throws(ContextError) -> OwnedDescriptor {
        guard let name = path.names.last else { throw .changed(path.bytes) }
        let directory = try directory(path.parent)
        do throws(StoreError) {
            // A named pipe in its place must not block.
            let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
            let file = try OwnedDescriptor(opening: name, in: directory, flags)
            if try file.status().st_mode & S_IFMT == S_IFREG { return file }
        } catch {
            throw Self.explained(error, path)
        }
        throw .changed(path.bytes)
    }

    /// What lstat(2) says of a path; `nil` where there is nothing.
    func status(_ path: TreePath) throws(ContextError) -> stat? {
        guard let name = path.names.last else {
            do throws(StoreError) { return try root.status() } catch { throw .system(error) }
        }
        let directory = try directory(path.parent)
        do throws(StoreError) {
            return try directory.status(of: name)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw .system(error) }
            return nil
        }
    }

    /// Follows a path as written, from the root and through symbolic links, also in its last name;
    /// `nil` where there is nothing.
    ///
    /// As in a root directory, `..` at the root stays there.
    func resolve(_ path: some Collection<UInt8>) throws(ContextError) -> TreePath? {
        var rest = Self.names(path).reversed() as [PathBytes]
        var resolved = TreePath.root
        var links = 0
        while let name = rest.popLast() {
            if name.bytes.elementsEqual("..".utf8) {
                resolved = resolved.parent
                continue
            }
            let next = resolved.appending(name)
            guard next.names.count <= LayerPath.maximumDepth else { throw .tooDeep(Array(path)) }
            guard let status = try status(next) else { return nil }
            guard status.st_mode & S_IFMT == S_IFLNK else {
                if !rest.isEmpty, status.st_mode & S_IFMT != S_IFDIR {
                    throw .notADirectory(next.bytes)
                }
                resolved = next
                continue
            }
            links += 1
            // path_resolution(7): the kernel's own limit.
            guard links <= 40 else { throw .tooManyLinks(Array(path)) }
            let target = try target(next)
            if target.bytes.first == UInt8(ascii: "/") { resolved = .root }
            rest += Self.names(target.bytes).reversed()
        }
        return resolved
    }

    /// What a path leads to, symbolic links followed as inside the tree.
    ///
    /// - Parameter path: as written.
    /// - Returns: where it leads and what is there, never a link; `nil` where nothing is.
    /// - Throws: `ContextError`.
    package func found(
        _ path: some Collection<UInt8>
    ) throws(ContextError) -> (path: TreePath, isDirectory: Bool)? {
        guard let resolved = try resolve(path), let status = try status(resolved) else {
            return nil
        }
        return (resolved, status.st_mode & S_IFMT == S_IFDIR)
    }

    /// The target of a symbolic link.
    func target(_ path: TreePath) throws(ContextError) -> PathBytes {
        guard let name = path.names.last else { throw .changed(path.bytes) }
        let directory = try directory(path.parent)
        do throws(StoreError) {
            return try directory.target(of: name)
        } catch {
            throw Self.explained(error, path)
        }
    }

    /// The names of a path as written, without empty ones and `.`.
    static func names(_ path: some Collection<UInt8>) -> [PathBytes] {
        path.split(separator: UInt8(ascii: "/")).compactMap { name in
            name.elementsEqual(".".utf8) ? nil : PathBytes(name)
        }
    }

    /// What was a directory or a file a moment ago, and is a link now.
    private static func explained(_ error: StoreError, _ path: TreePath) -> ContextError {
        switch error.errno {
        case .tooManySymbolicLinkLevels?, .notDirectory?, .invalidArgument?: .changed(path.bytes)
        default: .system(error)
        }
    }
}
