// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

/// A root filesystem as paths inside of it see it; it is the store's own, and nobody changes it.
struct RootDirectory {
    /// Where it is on the host.
    let path: FilePath

    /// What an engine gives an image that has no `PATH`.
    static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// Where it has a program, seen from inside.
    ///
    /// - Parameters:
    ///   - name: without a slash.
    ///   - searchPath: directories, as in `PATH`.
    /// - Returns: `nil` where none of them has an executable file of that name.
    func program(_ name: String, in searchPath: String) -> FilePath? {
        searchPath.split(separator: ":").map { FilePath(String($0)).appending(name) }
            .first { path in
                resolve(path)?.hasExecutableMode ?? false
            }
    }

    /// Where a path inside lies on the host, symbolic links followed as if inside.
    ///
    /// Nobody changes the tree, so looking twice is no race.
    ///
    /// - Parameter inside: absolute.
    /// - Returns: `nil` where nothing is there, or the links do not end (40 hops, as the kernel's).
    func resolve(_ inside: FilePath) -> FilePath? {
        var pending = Array(inside.components.reversed())
        var resolved = path
        var hops = 0
        while let component = pending.popLast() {
            switch component.kind {
            case .currentDirectory: continue
            case .parentDirectory:
                if resolved != path { resolved.removeLastComponent() }
                continue
            case .regular: break
            }
            let next = resolved.appending(component)
            let target: FilePath
            do throws(Errno) {
                target = try next.linkTarget()
            } catch {
                // readlink(2): it is there, and no symbolic link.
                guard error == .invalidArgument else { return nil }
                resolved = next
                continue
            }
            hops += 1
            guard hops <= 40 else { return nil }
            if target.isAbsolute { resolved = path }
            pending += target.components.reversed()
        }
        return resolved
    }
}
