// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore

/// Checks the entries of a tar archive and gives them to the store.
struct LayerUnpacker: ~Copyable {
    private let limits: LayerLimits
    private var writer: LayerWriter
    private var summary = LayerSummary()
    private var bytes: Int64 = 0

    init(store: Store, limits: LayerLimits) throws(LayerError) {
        do throws(StoreError) {
            self.writer = try LayerWriter(in: store)
        } catch {
            throw .store(error)
        }
        self.limits = limits
    }

    /// Reads an archive to its end; the stream may go on after that.
    mutating func read(_ stream: DecodedStream) throws(LayerError) {
        let archive = try TarReader.open(stream)
        while let entry = try archive.next() {
            summary.entries += 1
            guard summary.entries <= limits.entries else { throw .limit(.entries) }
            switch try checked(entry, { entry throws(EntryFault) in try entry.layerName }) {
            case .ignored: break
            case .whiteout(let path): try append(.whiteout, at: path, entry)
            case .opaque(let path): try append(.opaque, at: path, entry)
            case .path(let path):
                guard !path.components.isEmpty || entry.kind.isDirectory else {
                    throw .entry(.rootNotADirectory, name: entry.name)
                }
                if case .file = entry.kind {
                    try appendFile(at: path, entry, from: archive)
                } else {
                    let kind = try checked(
                        entry,
                        { entry throws(EntryFault) in try entry.layerKind }
                    )
                    try append(kind, at: path, entry)
                }
            }
        }
    }

    /// Publishes what was read.
    consuming func publish(as diffID: Digest) throws(LayerError) -> LayerSummary {
        let summary = summary
        do throws(StoreError) {
            try writer.publish(as: diffID)
        } catch {
            throw .store(error)
        }
        return summary
    }

    private mutating func append(
        _ kind: LayerEntry.Kind,
        at path: LayerPath,
        _ entry: TarEntry
    ) throws(LayerError) {
        if case .device = kind { summary.devices += 1 }
        let metadata = try metadata(of: entry)
        do throws(StoreError) {
            try writer.append(LayerEntry(path: path, kind: kind, metadata: metadata))
        } catch {
            throw .store(error)
        }
    }

    private mutating func appendFile(
        at path: LayerPath,
        _ entry: TarEntry,
        from archive: borrowing TarReader
    ) throws(LayerError) {
        guard entry.size >= 0 else { throw .entry(.size, name: entry.name) }
        // Counted beside the archive's own bytes, as holes take none of those.
        guard entry.size <= limits.bytes - bytes else { throw .limit(.bytes) }
        bytes += entry.size
        let metadata = try metadata(of: entry)
        let isWhole = try unsafe archive.content(size: entry.size) { content throws(LayerError) in
            do throws(StoreError) {
                switch unsafe content {
                case .bytes(let bytes): try unsafe writer.appendContent(bytes)
                case .hole(let count): try writer.appendHole(count)
                }
            } catch {
                throw LayerError.store(error)
            }
        }
        guard isWhole else { throw .entry(.size, name: entry.name) }
        do throws(StoreError) {
            try writer.finishFile(path, metadata)
        } catch {
            throw .store(error)
        }
    }

    private func metadata(of entry: TarEntry) throws(LayerError) -> InodeMetadata {
        let size = entry.attributes.reduce(0) { $0 + $1.name.count + $1.value.count }
        guard size <= limits.attributes else { throw .limit(.attributes) }
        return InodeMetadata(
            mode: entry.mode,
            uid: entry.uid,
            gid: entry.gid,
            time: ModificationTime(seconds: entry.seconds, nanoseconds: entry.nanoseconds),
            attributes: entry.attributes
        )
    }

    private func checked<Value>(
        _ entry: TarEntry,
        _ read: (TarEntry) throws(EntryFault) -> Value
    ) throws(LayerError) -> Value {
        do throws(EntryFault) {
            return try read(entry)
        } catch {
            throw .entry(error, name: entry.name)
        }
    }
}

extension TarEntry.Kind {
    fileprivate var isDirectory: Bool {
        if case .directory = self { true } else { false }
    }
}

extension TarEntry {
    /// What the name says, checked.
    fileprivate var layerName: LayerName {
        get throws(EntryFault) {
            do throws(LayerPathError) {
                return try LayerName(name)
            } catch {
                throw .name(error)
            }
        }
    }

    /// What the entry is, checked; for all but files, whose content makes them what they are.
    fileprivate var layerKind: LayerEntry.Kind {
        get throws(EntryFault) {
            switch kind {
            case .directory: return .directory
            case .fifo: return .fifo
            case .hardLink(let target):
                do throws(LayerPathError) {
                    return .hardLink(try LayerPath(target))
                } catch {
                    throw .hardLinkTarget(error)
                }
            case .symbolicLink(let target):
                guard !target.isEmpty, target.count <= LayerPath.maximumLength,
                    let target = PathBytes(target)
                else { throw .symbolicLinkTarget }
                return .symbolicLink(target)
            case .device(let isBlock, let major, let minor):
                guard let major = UInt32(exactly: major), let minor = UInt32(exactly: minor) else {
                    throw .deviceNumber
                }
                return .device(.init(isBlock: isBlock, major: major, minor: minor))
            case .file, .unknown: throw .type
            }
        }
    }
}
