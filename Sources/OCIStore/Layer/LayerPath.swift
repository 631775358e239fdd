// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI image-spec v1.1, layer.md, "Whiteouts".

/// Where a layer's entry belongs, below the root.
///
/// Shape: components that are neither empty, `.` nor `..`; none at all is the root itself.
package struct LayerPath: Hashable, Sendable {
    /// The components from the root down.
    package let components: [PathBytes]

    /// A path cannot be longer than what one system call takes: PATH_MAX less its NUL.
    package static let maximumLength = 4095
    /// A component cannot be longer than a file name: NAME_MAX.
    package static let maximumComponentLength = 255
    /// Deeper trees would need more open directories than half of the usual RLIMIT_NOFILE, 1024.
    package static let maximumDepth = 500

    /// The root.
    package static let root = LayerPath(components: [])

    private init(components: [PathBytes]) {
        self.components = components
    }

    /// Reads a path by Docker's rules: it is relative to the root, with or without a slash or `./`
    /// in front; nothing in it may lead up.
    package init(_ bytes: some Collection<UInt8>) throws(LayerPathError) {
        try self.init(Array(bytes)[...])
    }

    /// The same, compiled for what archives and indexes give: each of their entries comes by here.
    package init(_ bytes: ArraySlice<UInt8>) throws(LayerPathError) {
        guard bytes.count <= Self.maximumLength else { throw .tooLong }
        var components: [PathBytes] = []
        var rest = bytes
        while let start = rest.firstIndex(where: { $0 != UInt8(ascii: "/") }) {
            let end = rest[start...].firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            let component = rest[start..<end]
            rest = rest[end...]
            if component == Self.here { continue }
            guard component != Self.above else { throw .leadsUp }
            guard component.count <= Self.maximumComponentLength else { throw .tooLong }
            guard let component = PathBytes(component) else { throw .containsNUL }
            components.append(component)
        }
        guard components.count <= Self.maximumDepth else { throw .tooDeep }
        self.components = components
    }

    private static let here = Array(".".utf8)[...]
    private static let above = Array("..".utf8)[...]

    /// The directory it is in; of the root, the root.
    package var parent: LayerPath { LayerPath(components: components.dropLast()) }

    /// The path `name` inside this one.
    func appending(_ name: PathBytes) -> LayerPath { LayerPath(components: components + [name]) }

    /// The bytes with slashes between the components and none at either end.
    package var bytes: [UInt8] {
        components.reduce(into: []) { bytes, component in
            if !bytes.isEmpty { bytes.append(UInt8(ascii: "/")) }
            bytes += component.bytes
        }
    }
}

/// Why some bytes are not a path inside a layer.
public enum LayerPathError: Error, Equatable, Sendable {
    /// A component is `..`.
    case leadsUp
    /// More bytes than a path or a file name can have.
    case tooLong
    /// More components than a tree may have levels.
    case tooDeep
    /// A byte is NUL.
    case containsNUL
    /// A component starts with `.wh.` but names nothing that could be removed.
    case invalidWhiteout
}

/// What the name of a layer's entry says about it.
package enum LayerName: Hashable, Sendable {
    /// An ordinary path.
    case path(LayerPath)
    /// `.wh.x`: lower layers' entry at this path is removed.
    case whiteout(LayerPath)
    /// `.wh..wh..opq`: everything that lower layers have in this directory is removed.
    case opaque(LayerPath)
    /// `.wh..wh.…`: what AUFS kept for itself; it means nothing elsewhere.
    case ignored

    /// Reads a name as an archive has it.
    package init(_ bytes: some Collection<UInt8>) throws(LayerPathError) {
        try self.init(Array(bytes)[...])
    }

    /// The same, compiled for what archives and indexes give.
    package init(_ bytes: ArraySlice<UInt8>) throws(LayerPathError) {
        let path = try LayerPath(bytes)
        let reserved = path.components.filter { $0.bytes.starts(with: Self.prefix) }
        guard let marked = reserved.first, let last = path.components.last else {
            self = .path(path)
            return
        }
        if last.bytes.elementsEqual(Self.opaqueMark), reserved.count == 1 {
            self = .opaque(path.parent)
            return
        }
        if marked.bytes.starts(with: Self.prefix + Self.prefix) {
            self = .ignored
            return
        }
        let removed = marked.bytes.dropFirst(Self.prefix.count)
        guard reserved.count == 1, marked == last, !removed.isEmpty,
            !removed.elementsEqual(".".utf8), !removed.elementsEqual("..".utf8),
            let name = PathBytes(removed)
        else { throw .invalidWhiteout }
        self = .whiteout(path.parent.appending(name))
    }

    /// The name as an archive has it.
    package var bytes: [UInt8] {
        switch self {
        case .path(let path): path.bytes
        case .whiteout(let path):
            Self.join(path.parent, Self.prefix + (path.components.last?.bytes ?? []))
        case .opaque(let path): Self.join(path, Self.opaqueMark)
        case .ignored: Self.prefix + Self.prefix
        }
    }

    private static let prefix = Array(".wh.".utf8)
    private static let opaqueMark = Array(".wh..wh..opq".utf8)

    private static func join(_ directory: LayerPath, _ name: [UInt8]) -> [UInt8] {
        directory.components.isEmpty ? name : directory.bytes + "/".utf8 + name
    }
}
