// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: PEP 427, "File Format" and "Spread"; PEP 491; pip-install(1), "--target".

public import OCILayer
public import OCIStore
public import SystemPackage

/// A Python package that is not Python's alone, such as a compiler, taken by itself.
public struct Wheel: Hashable, Sendable {
    /// The digest of the file.
    public let digest: Digest
    /// The absolute directory that it is unpacked into.
    public let directory: String

    /// Changes whenever the same wheel gets another layer.
    private static let layerFormat = 2

    /// A wheel of the given parts.
    public init(digest: Digest, directory: String) {
        self.digest = digest
        self.directory = directory
    }

    /// What the wheel's layer is called in a store, in place of a diff ID.
    public var key: Digest {
        Digest.of(Array("cross wheel \(Self.layerFormat)\n\(digest.hex)\n\(directory)\n".utf8))
    }

    /// Unpacks the wheel into a layer, whole or not at all.
    ///
    /// - Parameters:
    ///   - file: the wheel; the caller has checked its digest.
    ///   - store: where the layer is published as `key`.
    ///   - limits: how large it may be.
    /// - Returns: what was noticed.
    /// - Throws: `PackageError`; the store is then as it was before.
    @discardableResult
    public func unpack(
        _ file: FilePath,
        into store: Store,
        limits: LayerLimits = LayerLimits()
    ) throws(PackageError) -> LayerSummary {
        let subject = PackageSubject(name: file.lastComponent?.string ?? "\(file)")
        guard directory.hasPrefix("/"), let name = try? LayerName(directory.utf8),
            case .path(let path) = name
        else { throw subject.fault(.wheelDirectory) }
        return try subject.reading(.container) { () throws(LayerError) -> LayerSummary in
            var unpacker = try LayerUnpacker(store: store, limits: limits)
            var placement = WheelPlacement(directory: path)
            try unpacker.read(try ArchiveReader.zip(file), &placement)
            return try unpacker.publish(as: key)
        }
    }
}

/// Places the files of a wheel below a directory, and the programs that it has to install in `bin`
/// there.
private struct WheelPlacement: EntryPlacement {
    /// What zip says of times depends on the reader's time zone, so none of it is used: this is the
    /// first that it can say, 1980-01-01.
    private static let time = ModificationTime(seconds: 315_532_800)

    let directory: LayerPath
    /// Whether the entry that was placed last is such a program, whose mode the archive need not say.
    private var isScript = false

    init(directory: LayerPath) { self.directory = directory }

    mutating func place(of entry: ArchiveEntry) throws(EntryFault) -> LayerName? {
        switch entry.kind {
        case .file, .directory: break
        default: throw .type
        }
        // Read by itself first: what leads up in it must not be hidden by the directory.
        guard
            case .path(let path) = try checked({ () throws(LayerPathError) in
                try LayerName(entry.name)
            })
        else { throw .reserved }
        let parts = path.bytes.split(separator: UInt8(ascii: "/"))
        isScript =
            parts.count == 3 && parts[0].suffix(5).elementsEqual(".data".utf8)
            && parts[1].elementsEqual("scripts".utf8)
        let name = isScript ? Array("bin/".utf8) + parts[2] : path.bytes
        return .path(
            try checked { () throws(LayerPathError) in
                try LayerPath(directory.bytes + "/".utf8 + name)
            }
        )
    }

    private func checked<Value>(
        _ read: () throws(LayerPathError) -> Value
    ) throws(EntryFault) -> Value {
        do throws(LayerPathError) {
            return try read()
        } catch {
            throw .name(error)
        }
    }

    func path(ofTarget target: [UInt8]) throws(LayerPathError) -> LayerPath {
        try LayerPath(target)
    }

    /// As pip has it: everything can be read, and what anybody can execute, everybody can.
    func adjusted(_ metadata: InodeMetadata, isDirectory: Bool) -> InodeMetadata {
        let isExecutable = isDirectory || isScript || metadata.mode & 0o111 != 0
        return InodeMetadata(mode: isExecutable ? 0o755 : 0o644, time: Self.time)
    }
}
