// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: libarchive, archive_read(3).

import CArchive
import Glibc
import OCIStore
package import SystemPackage

/// Reads an archive of one format, and of nothing else, through libarchive.
///
/// No filter is enabled: libarchive's own accept broken trailers and codecs inside codecs, and
/// some run programs.
@safe
package struct ArchiveReader: ~Copyable {
    /// How much of a file is read at a time, in bytes.
    private static let blockSize = 64 * 1024

    private let archive: OpaquePointer
    /// Where the archive comes from, unless it is a file.
    private let source: StreamSource?

    /// Starts reading a stream as tar, in all its dialects.
    package static func tar(_ stream: any ArchiveStream) throws(LayerError) -> ArchiveReader {
        let reader = try ArchiveReader(StreamSource(stream))
        unsafe archive_read_support_format_tar(reader.archive)
        try reader.check(unsafe reader.source?.open(reader.archive) ?? ARCHIVE_FATAL)
        return reader
    }

    /// Starts reading a file as ar.
    package static func ar(_ file: FilePath) throws(LayerError) -> ArchiveReader {
        let reader = try ArchiveReader(nil)
        unsafe archive_read_support_format_ar(reader.archive)
        try reader.open(file)
        return reader
    }

    /// Starts reading a file as zip, by the directory at its end.
    package static func zip(_ file: FilePath) throws(LayerError) -> ArchiveReader {
        let reader = try ArchiveReader(nil)
        unsafe archive_read_support_format_zip_seekable(reader.archive)
        try reader.open(file)
        return reader
    }

    private init(_ source: StreamSource?) throws(LayerError) {
        guard let archive = unsafe archive_read_new() else { throw .archive("out of memory") }
        unsafe archive_read_support_filter_none(archive)
        unsafe self.archive = archive
        self.source = source
    }

    deinit { unsafe archive_read_free(archive) }

    private func open(_ file: FilePath) throws(LayerError) {
        try check(
            unsafe file.withPlatformString {
                unsafe archive_read_open_filename(archive, $0, Self.blockSize)
            }
        )
    }

    /// Goes to the next entry, past what was not read of the one before; `nil` after the last.
    package func next() throws(LayerError) -> ArchiveEntry? {
        var entry: OpaquePointer?
        let status = unsafe archive_read_next_header(archive, &entry)
        if status == ARCHIVE_EOF { return nil }
        try check(status)
        return unsafe entry.map { unsafe ArchiveEntry($0) }
    }

    /// Hands out the content of the current entry piece by piece.
    ///
    /// - Parameters:
    ///   - size: of the whole content, holes included.
    ///   - body: takes the pieces in their order.
    /// - Returns: false where the pieces overlap or go beyond the size.
    /// - Throws: `LayerError.archive`, or what the stream or `body` throws.
    package func content(
        size: Int64,
        _ body: (ArchiveContent) throws(LayerError) -> Void
    ) throws(LayerError) -> Bool {
        var position: Int64 = 0
        while true {
            var start: UnsafeRawPointer?
            var count = 0
            var offset: Int64 = 0
            let status = unsafe archive_read_data_block(archive, &start, &count, &offset)
            guard status != ARCHIVE_EOF else { break }
            try check(status)
            guard offset >= position, offset <= size, Int64(count) <= size - offset else {
                return false
            }
            if offset > position { try unsafe body(.hole(offset - position)) }
            try unsafe body(.bytes(UnsafeRawBufferPointer(start: start, count: count)))
            position = offset + Int64(count)
        }
        if position < size { try unsafe body(.hole(size - position)) }
        return true
    }

    /// Turns all that libarchive says into errors but success and one harmless warning.
    ///
    /// That one is that a name cannot be converted to the locale's characters. The program never
    /// calls setlocale(3), so the locale is C; libarchive says so of every pax name beyond ASCII and
    /// leaves the bytes as they were, which is what is wanted. Its number is archive.h's
    /// ARCHIVE_ERRNO_FILE_FORMAT, on Linux EILSEQ. All other warnings mean that something in the
    /// archive was skipped.
    private func check(_ status: CInt) throws(LayerError) {
        if let failure = source?.failure { throw failure }
        if status == ARCHIVE_OK { return }
        if status == ARCHIVE_WARN, unsafe archive_errno(archive) == EILSEQ {
            return
        }
        let message = unsafe archive_error_string(archive).map { unsafe String(cString: $0) }
        throw .archive(message ?? "status \(status)")
    }
}

/// A piece of a file in an archive.
@unsafe
package enum ArchiveContent {
    /// Bytes, valid until the next piece.
    case bytes(UnsafeRawBufferPointer)
    /// So many zeros.
    case hole(Int64)
}

/// Feeds libarchive from a stream and keeps the stream's error, which C cannot pass on.
private final class StreamSource {
    private let stream: any ArchiveStream
    private(set) var failure: LayerError?

    init(_ stream: any ArchiveStream) {
        self.stream = stream
    }

    /// Opens the archive; this object must live as long as that.
    func open(_ archive: OpaquePointer) -> CInt {
        unsafe archive_read_open(
            archive,
            Unmanaged.passUnretained(self).toOpaque(),
            nil,
            { _, context, start in
                guard let context = unsafe context else { return -1 }
                return unsafe Unmanaged<StreamSource>.fromOpaque(context).takeUnretainedValue()
                    .read(start)
            },
            nil
        )
    }

    /// archive_read_open(3): the number of bytes, 0 at the end, -1 for an error.
    private func read(_ start: UnsafeMutablePointer<UnsafeRawPointer?>?) -> Int {
        do throws(LayerError) {
            let bytes = unsafe try stream.next()
            unsafe start?.pointee = bytes.baseAddress
            return bytes.count
        } catch {
            failure = error
            return -1
        }
    }
}
