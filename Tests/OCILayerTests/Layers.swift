// SPDX-License-Identifier: MIT OR Apache-2.0

import CLinux
import Foundation
import Glibc
import OCILayer
import OCIStore
import StoreTestSupport
import SystemPackage

/// A store in a directory of its own, and the layers a test tries to put into it.
struct Layers: ~Copyable {
    let directory: TemporaryDirectory
    let store: Store

    init() throws {
        let directory = try TemporaryDirectory()
        store = try Store(at: directory.path.appending("store"))
        self.directory = directory
    }

    /// Unpacks an archive.
    @discardableResult
    func unpack(
        _ archive: [UInt8],
        as mediaType: LayerMediaType = .tar,
        blob: [UInt8]? = nil,
        diffID: Digest? = nil,
        limits: LayerLimits = LayerLimits()
    ) throws -> Digest {
        let diffID = diffID ?? Digest.of(archive)
        let path = store.downloadPath(Digest.of(blob ?? archive))
        try Data(blob ?? archive).write(to: URL(fileURLWithPath: path.string))
        try unpackAlone(path, mediaType: mediaType, diffID: diffID, into: store, limits: limits) {
            _ in
        }
        return diffID
    }

    /// A file with these bytes.
    func file(_ bytes: [UInt8]) throws -> FilePath {
        let path = directory.path.appending("blob-\(Digest.of(bytes).hex)")
        try Data(bytes).write(to: URL(fileURLWithPath: path.string))
        return path
    }

    /// Unpacks archives and makes the tree of them.
    func root(_ archives: TarBuilder...) throws -> FilePath {
        try store.materialise(archives.map { try unpack($0.archive) }).path
    }

    /// Whether nothing of a layer is visible and nothing is left over.
    var isUntouched: Bool {
        get throws {
            let path = store.path
            return try names(in: path.appending("layers")).isEmpty
                && names(in: path.appending("objects")).isEmpty
                && names(in: path.appending("rootfs")).isEmpty
                && names(in: path.appending("tmp")) == ["downloads"]
        }
    }
}

/// An archive of a few files, some large enough to be read in pieces.
func ordinaryArchive() -> TarBuilder {
    var random = SystemRandomNumberGenerator()
    var tar = TarBuilder()
    tar.add("./", type: "5", mode: 0o755)
    tar.add("etc/", type: "5", mode: 0o755)
    for index in 0..<20 {
        tar.add("etc/\(index)", content: String(repeating: "line \(index)\n", count: index * 50))
    }
    let noise = (0..<60_000).flatMap { _ in
        let word = random.next()
        return [UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8) & 15, 0, 7]
    }
    tar.add("noise".utf8, content: noise)
    return tar
}

/// The names of the attributes that an inode really has.
func attributes(of path: FilePath) throws -> [String] {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = try systemCall("listxattr", path) {
        unsafe path.withPlatformString { path in
            unsafe buffer.withUnsafeMutableBytes {
                unsafe listxattr(path, $0.bindMemory(to: CChar.self).baseAddress, $0.count)
            }
        }
    }
    return buffer.prefix(count).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
}
