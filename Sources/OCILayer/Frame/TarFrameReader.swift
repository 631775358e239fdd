// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import SystemPackage

/// Makes an archive again of its frame and of its files' contents.
@safe
struct TarFrameReader: ~Copyable {
    private let stream: DecodedStream
    private let frame: FilePath
    /// The archive's own digest is checked, and says all that theirs would.
    private let contents = StoredContents(areHashed: false)
    private var rest = unsafe UnsafeRawBufferPointer(start: nil, count: 0)

    init(opening frame: FilePath) {
        self.frame = frame
        stream = DecodedStream(
            of: BlobPart(of: frame),
            .zstd,
            limits: LayerLimits(),
            isHashed: false
        ) { _ in }
    }

    deinit { stream.cancel() }

    /// Writes the archive of a layer.
    ///
    /// That it is the layer's is for the digest to say.
    ///
    /// - Throws: `LayerError` where the frame cannot be read, or does not fit the index.
    mutating func write(
        _ layer: consuming StoredLayer,
        to blob: BlobWriter
    ) throws(LayerError) {
        while let count = try number(4) {
            try unsafe take(count) { (bytes) throws(LayerError) in try unsafe blob.append(bytes) }
            guard let size = try number(8) else { throw misfit }
            if size > 0 { try appendContent(size, of: &layer, to: blob) }
        }
    }

    private var misfit: LayerError { .store(.damaged(frame, line: nil)) }

    private func appendContent(
        _ size: Int64,
        of layer: inout StoredLayer,
        to blob: BlobWriter
    ) throws(LayerError) {
        while let entry = try storing({ () throws(StoreError) in try layer.next() }) {
            guard case .file(let content) = entry.kind, content.size > 0 else { continue }
            guard content.size == size else { break }
            return try unsafe contents.read(content, of: layer) { (bytes) throws(LayerError) in
                try unsafe blob.append(bytes)
            }
        }
        throw misfit
    }

    /// The next bytes as a number; `nil` at the end of the frame.
    private mutating func number(_ count: Int64) throws(LayerError) -> Int64? {
        var bytes: [UInt8] = []
        if unsafe rest.isEmpty { unsafe rest = try stream.next() }
        if unsafe rest.isEmpty { return nil }
        try unsafe take(count) { (piece) throws(LayerError) in
            unsafe bytes.append(contentsOf: piece)
        }
        return bytes.reversed().reduce(0) { $0 << 8 | Int64($1) }
    }

    /// Hands out so many bytes, in pieces.
    private mutating func take(
        _ count: Int64,
        _ body: (UnsafeRawBufferPointer) throws(LayerError) -> Void
    ) throws(LayerError) {
        var left = count
        while left > 0 {
            if unsafe rest.isEmpty { unsafe rest = try stream.next() }
            guard unsafe !rest.isEmpty else { throw misfit }
            let step = unsafe Int(min(left, Int64(rest.count)))
            try unsafe body(UnsafeRawBufferPointer(rebasing: rest[..<step]))
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[step...])
            left -= Int64(step)
        }
    }
}
