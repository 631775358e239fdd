// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "ADD"; Docker's archive package where the reference is silent.

import Dockerfile
import Glibc
import OCILayer
import OCIStore
import SystemPackage

/// A file that an `ADD` names, as a layer of the store.
struct AddedFile {
    let source: AddRequest.Source
    let file: FilePath

    /// Unpacks the file where it is an archive that is to be unpacked, else takes it as it is.
    ///
    /// - Parameter store: where the layer is published as the source's key.
    /// - Throws: `LayerError`; nothing of the layer is in the store then.
    func publish(in store: Store) throws(LayerError) {
        guard let directory = source.directory, let codec = try archiveCodec() else {
            return try publishFile(in: store)
        }
        let stream = DecodedStream(
            of: BlobPart(of: file),
            codec,
            limits: LayerLimits(),
            isHashed: false
        ) { _ in }
        defer { stream.cancel() }
        var unpacker = try LayerUnpacker(store: store, limits: LayerLimits())
        var placement = AddPlacement(
            directory: try Self.path(directory),
            mode: source.mode,
            owner: source.owner
        )
        try unpacker.read(try ArchiveReader.tar(stream), &placement)
        try stream.digest()
        _ = try unpacker.publish(as: source.key)
    }

    /// How the tar archive is compressed; `nil` where the file is none, for example because it is
    /// compressed and nothing else.
    private func archiveCodec() throws(LayerError) -> Codec? {
        let bytes = try decompressBeginning(of: file, .none, count: ArchiveMagic.length)
        if ArchiveMagic.isTar(bytes) { return Codec.none }
        guard let codec = ArchiveMagic.compression(bytes).map(Codec.init) else { return nil }
        do throws(LayerError) {
            let inner = try decompressBeginning(of: file, codec, count: ArchiveMagic.length)
            return ArchiveMagic.isTar(inner) ? codec : nil
        } catch {
            guard case .compression = error else { throw error }
            return nil
        }
    }

    private func publishFile(in store: Store) throws(LayerError) {
        let path = try Self.path(source.path)
        let mode = source.mode?.applied(to: source.ownMode, isDirectory: false) ?? source.ownMode
        do throws(StoreError) {
            var writer = try LayerWriter(in: store)
            try writer.appendContent(of: OwnedDescriptor(opening: file, O_RDONLY))
            let metadata = InodeMetadata(
                mode: mode,
                uid: source.owner?.uid ?? 0,
                gid: source.owner?.gid ?? 0,
                time: ModificationTime(seconds: 0)
            )
            try writer.finishFile(path, metadata)
            try writer.publish(as: source.key)
        } catch {
            throw .store(error)
        }
    }

    private static func path(_ bytes: [UInt8]) throws(LayerError) -> LayerPath {
        let name: LayerName
        do throws(LayerPathError) {
            name = try LayerName(bytes)
        } catch {
            throw .entry(.name(error), name: bytes)
        }
        guard case .path(let path) = name else { throw .entry(.reserved, name: bytes) }
        return path
    }
}

extension Codec {
    fileprivate init(_ compression: ArchiveMagic.Compression) {
        self =
            switch compression {
            case .gzip: .gzip
            case .bzip2: .bzip2
            case .xz: .xz
            case .zstd: .zstd
            }
    }
}
