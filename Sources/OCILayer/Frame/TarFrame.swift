// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore

/// How a layer's archive says what its index says: every byte of it but files' contents.
///
/// With it the very archive can be made again, and with that the diff ID that registries and locks
/// know; without it only one that says the same in other words. It is a Zstandard stream of
///
///     4 bytes  how many bytes of the archive follow, least significant first
///     …        these
///     8 bytes  how many bytes of the next file's content follow those; 0 for none
///
/// over and over; the contents are those of the index's files in its order, but for empty ones.
enum TarFrame {
    /// A frame that takes more than this on disk is not kept: of a large image it is some 3 MB.
    static let maximumSize: Int64 = 256 << 20
    /// So many bytes are kept back for one record.
    static let recordSize = 64 * 1024
}

/// Keeps the frame of an archive that passes by, as long as it is an ordinary one.
final class TarFrameWriter {
    private let file: OwnedDescriptor
    private let encoder: ZstdEncoder
    private var scanner = TarScanner()
    private var record: [UInt8] = []
    private var size: Int64 = 0
    /// Whether what was written can become the archive again.
    private(set) var isWhole = true

    /// Writes to a new, empty file.
    init(to file: consuming OwnedDescriptor) throws(LayerError) {
        self.file = file
        encoder = try ZstdEncoder(level: 1)
    }

    /// Looks at the next bytes of the archive.
    func append(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
        guard isWhole else { return }
        isWhole = try unsafe scanner.scan(bytes) { (part) throws(LayerError) in
            switch unsafe part {
            case .around(let bytes):
                unsafe record.append(contentsOf: bytes)
                if record.count >= TarFrame.recordSize { try flush(before: 0) }
            case .content(let size): try flush(before: size)
            }
        }
        if size > TarFrame.maximumSize { isWhole = false }
    }

    /// Ends the file.
    func finish() throws(LayerError) {
        guard isWhole else { return }
        try flush(before: 0)
        try encode([], isLast: true)
    }

    private func flush(before content: Int64) throws(LayerError) {
        try encode(UInt32(record.count).leastFirst, isLast: false)
        try encode(record, isLast: false)
        try encode(content.leastFirst, isLast: false)
        record.removeAll(keepingCapacity: true)
    }

    private func encode(_ bytes: [UInt8], isLast: Bool) throws(LayerError) {
        try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(LayerError) in
            try unsafe encoder.encode(UnsafeRawBufferPointer(buffer), isLast: isLast) {
                (piece) throws(LayerError) in
                size += Int64(piece.count)
                try storing { () throws(StoreError) in try unsafe file.write(piece) }
            }
        }
    }
}

extension FixedWidthInteger {
    fileprivate var leastFirst: [UInt8] {
        (0..<(Self.bitWidth / 8)).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) }
    }
}
