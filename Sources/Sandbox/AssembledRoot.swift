// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import SystemPackage

/// A root filesystem without an overlay: its files and directories, each mounted read-only.
///
/// A directory in which something has to be made that it does not have, such as a mount point, is one
/// in memory that has what the original has. The tree is the caller's own, and nobody changes it
/// meanwhile.
struct AssembledRoot {
    private let root: FilePath
    /// The directories that are in memory, as seen from inside.
    private var remade: Set<FilePath> = ["/"]
    /// Where something else is mounted, as seen from inside.
    private var covered: Set<FilePath> = []

    /// The root for the steps that come after it.
    ///
    /// - Parameters:
    ///   - root: on the host.
    ///   - steps: what will be mounted above it, in order.
    init(_ root: FilePath, for steps: [Step]) {
        self.root = root
        for step in steps where step.makesItsTarget { makeRoom(for: step.target) }
    }

    /// What puts it together in an empty directory.
    var steps: [Step] { steps(of: "/") }

    private func steps(of directory: FilePath) -> [Step] {
        Self.names(in: original(directory)).flatMap { name in
            let path = directory.appending(name)
            let original = original(path)
            if remade.contains(path) {
                return [.directory(path, mode: 0o755, .harmless)] + steps(of: path)
            }
            switch Self.status(original).map({ $0.st_mode & S_IFMT }) {
            case S_IFLNK: return Self.destination(original).map { [.link(path, to: $0)] } ?? []
            case S_IFDIR, S_IFREG: return [.bind(original, at: path, [.harmless, .readOnly])]
            default: return []
            }
        }
    }

    /// Follows a path as the kernel will, to where it ends or the original has nothing.
    private mutating func makeRoom(for target: FilePath) {
        var pending = Array(target.components.reversed())
        var reached: FilePath = "/"
        var links = 0
        while let component = pending.popLast() {
            guard component.kind == .regular else {
                if component.kind == .parentDirectory { reached.removeLastComponent() }
                continue
            }
            let next = reached.appending(component)
            guard !covered.contains(next) else { return }
            guard let status = Self.status(original(next)) else {
                remake(reached)
                covered.insert(pending.reversed().reduce(next) { $0.appending($1) })
                return
            }
            guard status.st_mode & S_IFMT == S_IFLNK else {
                reached = next
                continue
            }
            links += 1
            // path_resolution(7): so many are followed; C will find the same and say so.
            guard links <= 40, let destination = Self.destination(original(next)) else { return }
            if destination.isAbsolute { reached = "/" }
            pending += destination.components.reversed()
        }
        covered.insert(reached)
    }

    private mutating func remake(_ directory: FilePath) {
        var directory = directory
        while remade.insert(directory).inserted { directory.removeLastComponent() }
    }

    private func original(_ inside: FilePath) -> FilePath {
        inside.components.reduce(root) { $0.appending($1) }
    }

    private static func status(_ path: FilePath) -> stat? {
        var status = stat()
        let result = unsafe path.withPlatformString { unsafe lstat($0, &status) }
        return result == 0 ? status : nil
    }

    private static func destination(_ link: FilePath) -> FilePath? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let length = unsafe link.withPlatformString { unsafe readlink($0, &bytes, Int(PATH_MAX)) }
        guard length > 0 else { return nil }
        return FilePath(platformString: bytes)
    }

    private static func names(in directory: FilePath) -> [FilePath.Component] {
        guard let stream = unsafe directory.withPlatformString({ unsafe opendir($0) }) else {
            return []
        }
        defer { unsafe closedir(stream) }
        var names: [FilePath.Component] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
                    unsafe FilePath.Component(platformString: $0)
                }
            }
            if let name, name.kind == .regular { names.append(name) }
        }
        return names
    }
}
