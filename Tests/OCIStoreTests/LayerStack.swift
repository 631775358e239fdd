// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore
import StoreTestSupport
import SystemPackage

/// One line of a layer in a test.
enum Line {
    case directory(String, mode: UInt32 = 0o755)
    case file(String, String, mode: UInt32 = 0o644)
    case symbolicLink(String, to: String)
    case hardLink(String, to: String)
    case fifo(String)
    case device(String)
    /// A whiteout or opaque mark by the name it has in an archive.
    case mark(String)
}

/// A store and the layers that a test puts into it.
struct LayerStack: ~Copyable {
    let directory: TemporaryDirectory
    let store: Store
    private(set) var diffIDs: [Digest] = []

    init() throws {
        let directory = try TemporaryDirectory()
        store = try Store(at: directory.path.appending("store"))
        self.directory = directory
    }

    /// Adds a layer on top.
    mutating func add(_ lines: [Line]) throws {
        var writer = try LayerWriter(in: store)
        for line in lines { try writer.append(line) }
        let diffID = digest("\(lines)")
        try writer.publish(as: diffID)
        diffIDs.append(diffID)
    }

    /// Puts a layer that the store has already on top.
    mutating func add(captured key: Digest) { diffIDs.append(key) }

    /// What the tree on disk holds, one line a name, sorted.
    func tree() throws -> [String] {
        let lease = try store.materialise(diffIDs)
        var lines: [String] = []
        try Self.list(lease.path, "", &lines)
        return lines.sorted()
    }

    private static func list(_ root: FilePath, _ path: String, _ lines: inout [String]) throws {
        for name in try names(in: path.isEmpty ? root : root.appending(FilePath(path).components)) {
            let inner = path.isEmpty ? name : "\(path)/\(name)"
            let full = root.appending(FilePath(inner).components)
            let status = try status(full)
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                lines.append("\(inner)/")
                try list(root, inner, &lines)
            case S_IFREG: lines.append("\(inner)=\(try content(full))")
            case S_IFLNK: lines.append("\(inner)->\(try target(full))")
            case S_IFIFO: lines.append("\(inner)|")
            default: lines.append("\(inner)?")
            }
        }
    }

    private static func target(_ path: FilePath) throws -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = try systemCall("readlink", path) {
            unsafe path.withPlatformString { path in
                unsafe buffer.withUnsafeMutableBytes {
                    unsafe readlink(
                        path,
                        $0.bindMemory(to: CChar.self).baseAddress.unsafelyUnwrapped,
                        $0.count
                    )
                }
            }
        }
        return String(decoding: buffer.prefix(count), as: UTF8.self)
    }
}

extension LayerWriter {
    /// Adds one line.
    mutating func append(_ line: Line) throws {
        switch line {
        case .directory(let name, let mode): try append(.directory, name, mode: mode)
        case .file(let name, let text, let mode):
            try unsafe Array(text.utf8).withUnsafeBytes { try unsafe appendContent($0) }
            try finishFile(LayerPath(Array(name.utf8)), Self.metadata(mode))
        case .symbolicLink(let name, let target):
            try append(.symbolicLink(PathBytes(target.utf8) ?? ""), name, mode: 0o777)
        case .hardLink(let name, let target):
            try append(.hardLink(try LayerPath(Array(target.utf8))), name, mode: 0o644)
        case .fifo(let name): try append(.fifo, name, mode: 0o644)
        case .device(let name):
            try append(.device(.init(isBlock: false, major: 0, minor: 0)), name, mode: 0o644)
        case .mark(let name):
            switch try LayerName(Array(name.utf8)) {
            case .whiteout(let path):
                try append(LayerEntry(path: path, kind: .whiteout, metadata: Self.metadata(0)))
            case .opaque(let path):
                try append(LayerEntry(path: path, kind: .opaque, metadata: Self.metadata(0)))
            case .path, .ignored: break
            }
        }
    }

    private mutating func append(_ kind: LayerEntry.Kind, _ name: String, mode: UInt32) throws {
        let path = try LayerPath(Array(name.utf8))
        try append(LayerEntry(path: path, kind: kind, metadata: Self.metadata(mode)))
    }

    private static func metadata(_ mode: UInt32) -> InodeMetadata {
        InodeMetadata(mode: mode, time: ModificationTime(seconds: 1_000_000_000, nanoseconds: 5))
    }
}
