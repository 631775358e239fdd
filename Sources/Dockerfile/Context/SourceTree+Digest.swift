// SPDX-License-Identifier: MIT OR Apache-2.0

import Crypto
import Glibc
package import OCIStore

extension SourceTree {
    /// The digest of what is copied: names, kinds, modes and contents, and no times.
    ///
    /// - Parameters:
    ///   - selection: of this tree.
    ///   - withOwners: whether owners count; those of a context do not, since its files become
    ///     root's.
    /// - Returns: the same for all trees that a copy would make the same of.
    /// - Throws: `ContextError`.
    package func digest(
        of selection: CopySelection,
        withOwners: Bool
    ) throws(ContextError) -> OCIStore.Digest {
        var hash = SHA256()
        for source in selection.sources {
            switch source {
            case .contents(let entries):
                Self.update(&hash, "contents \(entries.count)\n")
                for entry in entries { try update(&hash, entry, withOwners) }
            case .file(let entry, let name):
                Self.update(&hash, "file \(name.count):")
                hash.update(data: name.bytes)
                try update(&hash, entry, withOwners)
            }
        }
        return OCIStore.Digest(hash.finalize())
    }

    private func update(
        _ hash: inout SHA256,
        _ entry: CopySelection.Entry,
        _ withOwners: Bool
    ) throws(ContextError) {
        let path = TreePath(names: entry.path).bytes
        Self.update(&hash, "\(path.count):")
        hash.update(data: path)
        Self.update(&hash, " \(entry.mode) ")
        if withOwners { Self.update(&hash, "\(entry.uid):\(entry.gid) ") }
        switch entry.kind {
        case .directory: Self.update(&hash, "directory\n")
        case .fifo: Self.update(&hash, "fifo\n")
        case .symbolicLink(let target):
            Self.update(&hash, "link \(target.count):")
            hash.update(data: target.bytes)
        case .file: Self.update(&hash, "file \(try contentDigest(entry.origin))\n")
        }
    }

    private func contentDigest(_ path: TreePath) throws(ContextError) -> OCIStore.Digest {
        let file = try file(path)
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 128 * 1024)
        do throws(StoreError) {
            while true {
                let count = try file.read(into: &buffer, from: 0)
                guard count > 0 else { return OCIStore.Digest(hash.finalize()) }
                hash.update(data: buffer[..<count])
            }
        } catch {
            throw .system(error)
        }
    }

    private static func update(_ hash: inout SHA256, _ text: String) {
        hash.update(data: Array(text.utf8))
    }
}
