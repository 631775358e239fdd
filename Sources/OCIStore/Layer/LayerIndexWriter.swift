// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: mtree(5).

import Crypto

/// Writes what a layer says as an mtree file, one line an entry, in the order of the archive.
///
/// What mtree has no keyword for is a tag, so libarchive and people can read the file:
///
///     #mtree
///     ./bin/sh type=file mode=0755 uid=0 gid=0 time=1.000000000 size=9 sha256digest=… tags=object:…
///     ./bin/dash type=file mode=0755 uid=0 gid=0 time=1.000000000 tags=hardlink:bin/sh
///     ./bin/.wh.ash type=file mode=0644 uid=0 gid=0 time=1.000000000
///     # entries=3 sha256=…
///
/// The digest at the end is of all lines before: what reads the index for a build parses it, and
/// `Store.check` compares.
/// Whiteouts keep the names they have in the archive. Attributes are `tags=xattr:name:value`.
struct LayerIndexWriter: ~Copyable {
    static let heading = Array("#mtree".utf8)
    static let ending = Array("# entries=".utf8)
    /// Indexes of earlier versions end without it.
    static let endingDigest = Array(" sha256=".utf8)

    /// A line is some 250 bytes; writes of this size cost nothing beside the line's file.
    private static let bufferSize = 256 * 1024

    private let file: OwnedDescriptor
    private var buffer: [UInt8] = []
    private var count = 0
    private var hash = SHA256()

    /// Writes to a new, empty file.
    init(to file: consuming OwnedDescriptor) {
        self.file = file
        buffer.reserveCapacity(Self.bufferSize + 4096)
        buffer += Self.heading + "\n".utf8
    }

    /// Adds an entry.
    mutating func append(_ entry: LayerEntry) throws(StoreError) {
        Self.append(entry, to: &buffer)
        count += 1
        guard buffer.count >= Self.bufferSize else { return }
        try flush()
    }

    /// Writes the last line, without which the file counts as damaged.
    ///
    /// - Returns: the digest of the file.
    mutating func finish() throws(StoreError) -> Digest {
        try flush()
        let digest = Digest(hash.finalize())
        buffer += Self.ending + "\(count)".utf8 + Self.endingDigest + digest.hex.utf8 + "\n".utf8
        try flush()
        return Digest(hash.finalize())
    }

    private mutating func flush() throws(StoreError) {
        try file.write(buffer)
        hash.update(data: buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private static func append(_ entry: LayerEntry, to line: inout [UInt8]) {
        let name = entry.name.bytes
        line.append(UInt8(ascii: "."))
        if !name.isEmpty { line.append(UInt8(ascii: "/")) }
        VisEncoding.append(name, to: &line)
        append(entry.kind, to: &line)
        let metadata = entry.metadata
        line += " mode=0".utf8
        line += String(metadata.mode, radix: 8).utf8
        // Word by word: an interpolated line is a string first, which every entry of a layer would wait for.
        line += " uid=".utf8
        line += String(metadata.uid).utf8
        line += " gid=".utf8
        line += String(metadata.gid).utf8
        line += " time=".utf8
        line += String(metadata.time.seconds).utf8
        line.append(UInt8(ascii: "."))
        let fraction = String(metadata.time.nanoseconds).utf8
        line += repeatElement(UInt8(ascii: "0"), count: 9 - fraction.count)
        line += fraction
        appendTags(of: entry, to: &line)
        line.append(UInt8(ascii: "\n"))
    }

    private static func append(_ kind: LayerEntry.Kind, to line: inout [UInt8]) {
        switch kind {
        case .directory: line += " type=dir".utf8
        case .file(let content):
            line += " type=file size=".utf8
            line += String(content.size).utf8
            line += " sha256digest=".utf8
            line += content.digest.hexadecimal
        case .symbolicLink(let target):
            line += " type=link link=".utf8
            VisEncoding.append(target.bytes, to: &line)
        case .hardLink, .whiteout, .opaque: line += " type=file".utf8
        case .fifo: line += " type=fifo".utf8
        case .device(let device):
            line += " type=\(device.isBlock ? "block" : "char")".utf8
            line += " device=linux,\(device.major),\(device.minor)".utf8
        }
    }

    private static func appendTags(of entry: LayerEntry, to line: inout [UInt8]) {
        var separator = Array(" tags=".utf8)
        if case .file(let content) = entry.kind {
            line += separator + "object:".utf8
            line += content.object.digest.hexadecimal
            separator = Array(",".utf8)
        }
        if case .hardLink(let target) = entry.kind {
            line += separator + "hardlink:".utf8
            VisEncoding.append(target.bytes, to: &line)
            separator = Array(",".utf8)
        }
        for attribute in entry.metadata.attributes {
            line += separator + "xattr:".utf8
            VisEncoding.append(attribute.name, to: &line)
            line.append(UInt8(ascii: ":"))
            VisEncoding.append(attribute.value, to: &line)
            separator = Array(",".utf8)
        }
    }
}
