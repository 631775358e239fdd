// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: dpkg, src/main/archives.c (`tarobject`).

import Crypto
import OCILayer
import OCIStore

/// Places what a package installs, and notes what dpkg notes about it.
struct DataPlacement: EntryPlacement {
    /// Every path as the archive has it, left out or not: a line each, as in dpkg's `list` files.
    private(set) var list: [UInt8] = []
    /// MD5 by path of those files that are configuration files.
    private(set) var digests: [[UInt8]: String] = [:]

    private let configurationFiles: Set<[UInt8]>
    private var hash = Insecure.MD5()
    private var hashed: [UInt8]?

    /// - Parameter configurationFiles: with a slash in front.
    init(configurationFiles: [[UInt8]]) {
        self.configurationFiles = Set(configurationFiles)
    }

    mutating func place(of entry: ArchiveEntry) throws(EntryFault) -> LayerName? {
        finishContent()
        let path = try Self.path(of: entry.name)
        let installed = [UInt8(ascii: "/")] + path.bytes
        list += (path.components.isEmpty ? Array("/.".utf8) : installed) + "\n".utf8
        var isDirectory = false
        if case .directory = entry.kind { isDirectory = true }
        guard isDirectory || !Self.isDatabase(path) else { throw .reserved }
        guard !PathFilter.excludes(installed, entry.kind) else { return nil }
        if case .file = entry.kind, configurationFiles.contains(installed) { hashed = installed }
        return .path(MergedUsr.resolved(path, isDirectory: isDirectory))
    }

    func path(ofTarget target: [UInt8]) throws(LayerPathError) -> LayerPath {
        MergedUsr.resolved(try LayerPath(target), isDirectory: false)
    }

    mutating func see(_ content: UnsafeRawBufferPointer) {
        if hashed != nil { unsafe hash.update(bufferPointer: content) }
    }

    /// Notes the digest of the configuration file that was placed last.
    mutating func finishContent() {
        guard let path = hashed.take() else { return }
        digests[path] = hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0\(digits)" : digits
        }.joined()
        hash = Insecure.MD5()
    }

    private static func path(of name: [UInt8]) throws(EntryFault) -> LayerPath {
        guard !name.contains(UInt8(ascii: "\n")) else { throw .lineFeed }
        let read: LayerName
        do throws(LayerPathError) {
            read = try LayerName(name)
        } catch {
            throw .name(error)
        }
        // In a layer such a name would remove something.
        guard case .path(let path) = read else { throw .reserved }
        return path
    }

    /// dpkg's own files say what is installed; packages have no part in them.
    private static func isDatabase(_ path: LayerPath) -> Bool {
        path.components.starts(with: ["var", "lib", "dpkg"])
    }
}
