// SPDX-License-Identifier: MIT OR Apache-2.0

package import OCIStore

/// Checks the entries of an archive and gives them to the store.
package struct LayerUnpacker: ~Copyable {
    private let limits: LayerLimits
    private var writer: LayerWriter
    private var summary = LayerSummary()
    private var bytes: Int64 = 0

    /// Starts a layer that is published by itself.
    package init(store: Store, limits: LayerLimits) throws(LayerError) {
        self.writer = try storing { () throws(StoreError) in try LayerWriter(in: store) }
        self.limits = limits
    }

    /// Starts a layer that is published with others.
    package init(into staged: StagedLayers, limits: LayerLimits) throws(LayerError) {
        self.writer = try storing { () throws(StoreError) in try LayerWriter(into: staged) }
        self.limits = limits
    }

    /// Reads an archive to its end; the stream it comes from may go on after that.
    ///
    /// - Parameters:
    ///   - archive: at its beginning.
    ///   - placement: says where its entries go.
    /// - Throws: `LayerError`.
    package mutating func read(
        _ archive: borrowing ArchiveReader,
        _ placement: inout some EntryPlacement
    ) throws(LayerError) {
        while let entry = try archive.next() {
            summary.entries += 1
            guard summary.entries <= limits.entries else { throw .limit(.entries) }
            let name: LayerName
            let kind: LayerEntry.Kind?
            do throws(EntryFault) {
                guard let place = try placement.place(of: entry) else { continue }
                name = place
                kind = try entry.kind(as: name, placement)
            } catch {
                throw .entry(error, name: entry.name)
            }
            switch name {
            case .ignored: break
            case .whiteout(let path): try append(.whiteout, at: path, entry, placement)
            case .opaque(let path): try append(.opaque, at: path, entry, placement)
            case .path(let path):
                if let kind {
                    try append(kind, at: path, entry, placement)
                } else {
                    try appendFile(at: path, entry, from: archive, &placement)
                }
            }
        }
    }

    /// Adds a file that no archive has.
    package mutating func append(
        _ content: [UInt8],
        at path: LayerPath,
        _ metadata: InodeMetadata
    ) throws(LayerError) {
        do throws(StoreError) {
            try writer.append(content, at: path, metadata)
        } catch {
            throw .store(error)
        }
    }

    /// Makes the file that takes the frame of the archive.
    func makeFrame() throws(LayerError) -> OwnedDescriptor {
        try storing { () throws(StoreError) in try writer.makeFrame() }
    }

    /// Ends the layer, which is then one of those that it was begun with.
    ///
    /// - Parameters:
    ///   - diffID: the layer's digest, or the key that stands for it.
    ///   - isFramed: whether what `makeFrame` made is whole.
    /// - Returns: what was noticed.
    /// - Throws: `LayerError.store`.
    package consuming func stage(
        as diffID: Digest,
        isFramed: Bool = false
    ) throws(LayerError) -> LayerSummary {
        let summary = summary
        do throws(StoreError) {
            try writer.stage(as: diffID, isFramed: isFramed)
        } catch {
            throw .store(error)
        }
        return summary
    }

    /// Publishes what was read.
    ///
    /// - Parameter diffID: the layer's digest, or the key that stands for it.
    /// - Returns: what was noticed.
    /// - Throws: `LayerError.store`; nothing of the layer is visible then.
    package consuming func publish(as diffID: Digest) throws(LayerError) -> LayerSummary {
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
        _ entry: ArchiveEntry,
        _ placement: some EntryPlacement
    ) throws(LayerError) {
        if case .device = kind { summary.devices += 1 }
        let metadata = placement.adjusted(
            try metadata(of: entry),
            isDirectory: kind == .directory
        )
        do throws(StoreError) {
            try writer.append(LayerEntry(path: path, kind: kind, metadata: metadata))
        } catch {
            throw .store(error)
        }
    }

    private mutating func appendFile(
        at path: LayerPath,
        _ entry: ArchiveEntry,
        from archive: borrowing ArchiveReader,
        _ placement: inout some EntryPlacement
    ) throws(LayerError) {
        guard entry.size >= 0 else { throw .entry(.size, name: entry.name) }
        // Counted beside the archive's own bytes, as holes take none of those.
        guard entry.size <= limits.bytes - bytes else { throw .limit(.bytes) }
        bytes += entry.size
        let metadata = placement.adjusted(try metadata(of: entry), isDirectory: false)
        let isWhole = try unsafe archive.content(size: entry.size) { content throws(LayerError) in
            do throws(StoreError) {
                switch unsafe content {
                case .bytes(let bytes):
                    unsafe placement.see(bytes)
                    try unsafe writer.appendContent(bytes)
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

    private func metadata(of entry: ArchiveEntry) throws(LayerError) -> InodeMetadata {
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
}

extension ArchiveEntry {
    /// What the entry is, checked; `nil` for files, whose content makes them what they are, and
    /// for whiteouts, which may be anything.
    fileprivate func kind(
        as name: LayerName,
        _ placement: some EntryPlacement
    ) throws(EntryFault) -> LayerEntry.Kind? {
        guard case .path(let path) = name else { return nil }
        if path.components.isEmpty {
            guard case .directory = kind else { throw .rootNotADirectory }
        }
        switch kind {
        case .file: return nil
        case .directory: return .directory
        case .fifo: return .fifo
        case .hardLink(let target):
            do throws(LayerPathError) {
                return .hardLink(try placement.path(ofTarget: target))
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
        case .unknown: throw .type
        }
    }
}
