// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCILayer
import OCIStore
import SystemPackage

/// The files of an image's layout: a directory, or what was in an archive.
///
/// Names are only ever compared with those that this program spells or a checked document names; no
/// path of an archive is used.
struct ImportedFiles: ~Copyable {
    /// An image has a few hundred; more is no image.
    private static let maximumEntries = 100_000
    /// Docker's older archives let a layer's name lead to another layer's.
    private static let maximumHops = 8
    /// Documents are shorter than a registry's may be.
    private static let documentLimit = 8 << 20

    private let directory: FilePath
    /// Where an archive's files were put, under numbers; `nil` for a directory.
    private let staging: Staging?
    private let places: [String: Place]

    private enum Place {
        case file(FilePath)
        case link(String)
    }

    /// A directory as it lies.
    init(directory: FilePath) {
        self.init(directory: directory, nil, [:])
    }

    /// Takes an archive apart, into a directory of the store's that goes away with this value.
    static func unpacked(
        _ archive: FilePath,
        into store: Store
    ) throws(ImportError) -> ImportedFiles {
        let staging: Staging
        do throws(StoreError) {
            staging = try Staging(in: store)
        } catch {
            throw .store(error)
        }
        let places: [String: Place]
        do throws(LayerError) {
            places = try unpack(archive, into: staging.directory)
        } catch {
            throw .archive(archive, error)
        }
        let path = staging.directory.path
        return ImportedFiles(directory: path, staging, places)
    }

    private init(
        directory: FilePath,
        _ staging: consuming Staging?,
        _ places: [String: Place]
    ) {
        self.directory = directory
        self.staging = staging
        self.places = places
    }

    /// The file of a name.
    ///
    /// - Throws: `ImportError.missing`.
    func file(_ name: String) throws(ImportError) -> FilePath {
        guard staging != nil else { return directory.appending(FilePath(name).components) }
        var name = name
        for _ in 0...Self.maximumHops {
            switch places[name] {
            case .file(let path): return path
            case .link(let target): name = target
            case nil: throw .missing(name)
            }
        }
        throw .missing(name)
    }

    /// A short document; `nil` where there is none.
    func document(_ name: String) throws(ImportError) -> [UInt8]? {
        guard let path = try? file(name) else { return nil }
        do throws(StoreError) {
            return try OwnedDescriptor(opening: path, O_RDONLY | O_NOFOLLOW)
                .readAll(limit: Self.documentLimit)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw .store(error)
        }
    }

    private static func unpack(
        _ archive: FilePath,
        into directory: borrowing OwnedDescriptor
    ) throws(LayerError) -> [String: Place] {
        let limits = LayerLimits()
        let stream = DecodedStream(
            of: BlobPart(of: archive),
            try Codec(announcedBy: archive),
            limits: limits,
            isHashed: false
        ) { _ in }
        defer { stream.cancel() }
        let reader = try ArchiveReader.tar(stream)
        var places: [String: Place] = [:]
        var bytes: Int64 = 0
        while let entry = try reader.next() {
            guard places.count < maximumEntries else { throw .limit(.entries) }
            guard let name = Self.name(entry.name) else { continue }
            switch entry.kind {
            case .file:
                guard entry.size >= 0, entry.size <= limits.bytes - bytes else {
                    throw .limit(.bytes)
                }
                bytes += entry.size
                let number = PathBytes(Array("\(places.count)".utf8)) ?? "0"
                try extract(entry, from: reader, to: directory, number)
                places[name] = .file(directory.path.appending(number))
            case .symbolicLink(let target):
                let parent = name.split(separator: "/").dropLast().joined(separator: "/")
                places[name] = Self.normalised(
                    "\(parent)/\(String(decoding: target, as: UTF8.self))"
                )
                .map { .link($0) }
            case .hardLink(let target): places[name] = Self.name(target).map { .link($0) }
            default: continue
            }
        }
        try stream.digest()
        return places
    }

    private static func extract(
        _ entry: ArchiveEntry,
        from reader: borrowing ArchiveReader,
        to directory: borrowing OwnedDescriptor,
        _ name: PathBytes
    ) throws(LayerError) {
        do throws(StoreError) {
            // Two entries of one name: the number is a new one each time.
            let file = try directory.makeFile(name)
            let raw = file.raw
            let path = file.path
            let isWhole = try Self.storing {
                () throws(LayerError) in
                try unsafe reader.content(size: entry.size) { content throws(LayerError) in
                    do throws(StoreError) {
                        switch unsafe content {
                        case .bytes(let bytes): try unsafe file.write(bytes)
                        case .hole(let count):
                            try systemCall("lseek", path) { lseek(raw, Int(count), SEEK_CUR) }
                        }
                    } catch {
                        throw LayerError.store(error)
                    }
                }
            }
            guard isWhole else { throw StoreError.damaged(path, line: nil) }
            try systemCall("ftruncate", path) { ftruncate(raw, Int(entry.size)) }
        } catch {
            throw .store(error)
        }
    }

    private static func storing(
        _ body: () throws(LayerError) -> Bool
    ) throws(StoreError) -> Bool {
        do throws(LayerError) {
            return try body()
        } catch .store(let error) {
            throw error
        } catch {
            return false
        }
    }

    /// A name as this program would spell it; `nil` for what leads up or is no text.
    private static func name(_ bytes: [UInt8]) -> String? {
        guard let path = try? LayerPath(bytes) else { return nil }
        return String(validating: path.bytes, as: UTF8.self)
    }

    /// A link's target without `..`; `nil` where it leads out of the archive.
    private static func normalised(_ path: String) -> String? {
        var components: [Substring] = []
        for component in path.split(separator: "/") where component != "." {
            guard component == ".." else {
                components.append(component)
                continue
            }
            guard components.popLast() != nil else { return nil }
        }
        return components.joined(separator: "/")
    }
}

extension Codec {
    /// What a file's first bytes announce: people compress archives as they like.
    init(announcedBy file: FilePath) throws(LayerError) {
        var first = [UInt8](repeating: 0, count: 6)
        do throws(StoreError) {
            let opened = try OwnedDescriptor(opening: file, O_RDONLY)
            _ = try opened.read(into: &first, from: 0)
        } catch {
            throw .store(error)
        }
        switch first {
        case let bytes where bytes.starts(with: [0x1F, 0x8B]): self = .gzip
        case let bytes where bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]): self = .zstd
        case [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]: self = .xz
        default: self = .none
        }
    }
}
