// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: libarchive, archive_write(3), archive_write_set_options(3).

import CArchive
import Glibc
package import OCIStore

/// Writes a tar archive through libarchive, as ustar and with pax records where that is too little.
///
/// The same entries make the same bytes: there are no times but those of the entries, no names of
/// users, and nothing of the process.
@safe
package struct ArchiveWriter: ~Copyable {
    private let archive: OpaquePointer
    private let entry: OpaquePointer
    private let sink: ArchiveSink

    /// Starts an archive.
    ///
    /// - Parameter take: takes its bytes, piece by piece.
    /// - Returns: the archive, without an entry yet.
    /// - Throws: `LayerError.archive`.
    package static func tar(
        _ take: @escaping (UnsafeRawBufferPointer) throws(LayerError) -> Void
    ) throws(LayerError) -> ArchiveWriter {
        guard let archive = unsafe archive_write_new(), let entry = unsafe archive_entry_new()
        else { throw .archive("out of memory") }
        let writer = unsafe ArchiveWriter(archive, entry, ArchiveSink(take))
        unsafe archive_write_set_format_pax(archive)
        // As engines spell attributes; libarchive's own spelling would double them.
        try writer.check(unsafe archive_write_set_options(archive, "xattrheader=SCHILY"))
        // tar(5): what fills the last block up is no part of the archive.
        unsafe archive_write_set_bytes_per_block(archive, 64 * 1024)
        unsafe archive_write_set_bytes_in_last_block(archive, 1)
        try writer.check(unsafe writer.sink.open(archive))
        return writer
    }

    private init(_ archive: OpaquePointer, _ entry: OpaquePointer, _ sink: ArchiveSink) {
        unsafe self.archive = archive
        unsafe self.entry = entry
        self.sink = sink
    }

    deinit {
        sink.isClosed = true
        unsafe archive_entry_free(entry)
        unsafe archive_write_free(archive)
    }

    /// Adds a file of the plainest kind, whose content follows.
    package func add(_ name: String, size: Int64) throws(LayerError) {
        let metadata = InodeMetadata(mode: 0o644, time: ModificationTime(seconds: 0))
        unsafe begin(Array(name.utf8), S_IFREG, metadata)
        unsafe archive_entry_set_size(entry, size)
        try check(unsafe archive_write_header(archive, entry))
    }

    /// Adds what a layer says; the content of a file follows.
    package func add(_ line: LayerEntry) throws(LayerError) {
        let (name, metadata) = (line.archiveName, line.metadata)
        switch line.kind {
        case .directory: unsafe begin(name, S_IFDIR, metadata)
        case .file(let content):
            unsafe begin(name, S_IFREG, metadata)
            unsafe archive_entry_set_size(entry, content.size)
        case .symbolicLink(let target):
            unsafe begin(name, S_IFLNK, metadata)
            unsafe target.withCString { unsafe archive_entry_set_symlink(entry, $0) }
        case .hardLink(let target):
            unsafe begin(name, S_IFREG, metadata)
            unsafe Self.withCString(target.bytes) { unsafe archive_entry_set_hardlink(entry, $0) }
        case .fifo: unsafe begin(name, S_IFIFO, metadata)
        case .device(let device):
            unsafe begin(name, device.isBlock ? S_IFBLK : S_IFCHR, metadata)
            unsafe archive_entry_set_rdevmajor(entry, dev_t(device.major))
            unsafe archive_entry_set_rdevminor(entry, dev_t(device.minor))
        case .whiteout, .opaque:
            unsafe begin(name, S_IFREG, metadata)
            unsafe archive_entry_set_size(entry, 0)
        }
        try check(unsafe archive_write_header(archive, entry))
    }

    /// Adds bytes to the content of the entry that was added last.
    package func append(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
        let count = unsafe archive_write_data(archive, bytes.baseAddress, bytes.count)
        guard count == bytes.count else {
            return try check(count < 0 ? CInt(count) : ARCHIVE_FATAL)
        }
    }

    /// Ends the archive.
    package func finish() throws(LayerError) {
        try check(unsafe archive_write_close(archive))
    }

    @unsafe
    private func begin(_ name: [UInt8], _ type: mode_t, _ metadata: InodeMetadata) {
        unsafe archive_entry_clear(entry)
        unsafe Self.withCString(name) { unsafe archive_entry_set_pathname(entry, $0) }
        unsafe archive_entry_set_mode(entry, type | mode_t(metadata.mode))
        unsafe archive_entry_set_uid(entry, metadata.uid)
        unsafe archive_entry_set_gid(entry, metadata.gid)
        unsafe archive_entry_set_mtime(
            entry,
            time_t(metadata.time.seconds),
            Int(metadata.time.nanoseconds)
        )
        for attribute in metadata.attributes {
            unsafe Self.withCString(attribute.name) { name in
                unsafe attribute.value.withUnsafeBytes { value in
                    unsafe archive_entry_xattr_add_entry(
                        entry,
                        name,
                        value.baseAddress,
                        value.count
                    )
                }
            }
        }
    }

    @unsafe
    private static func withCString(
        _ bytes: [UInt8],
        _ body: (UnsafePointer<CChar>) -> Void
    ) {
        unsafe (bytes + [0]).withUnsafeBytes { buffer in
            guard let start = unsafe buffer.bindMemory(to: CChar.self).baseAddress else { return }
            unsafe body(start)
        }
    }

    /// Turns all that libarchive says into errors but success and one harmless warning.
    ///
    /// That one is that a name is not text in the C locale: then libarchive writes its bytes as they are
    /// and says so in a record. See `ArchiveReader`.
    private func check(_ status: CInt) throws(LayerError) {
        if let failure = sink.failure { throw failure }
        if status == ARCHIVE_OK { return }
        if status == ARCHIVE_WARN, unsafe archive_errno(archive) == EILSEQ { return }
        let message = unsafe archive_error_string(archive).map { unsafe String(cString: $0) }
        throw .archive(message ?? "status \(status)")
    }
}

extension LayerEntry {
    /// The name as an archive has it; the root has one, too.
    fileprivate var archiveName: [UInt8] {
        let bytes = name.bytes
        return bytes.isEmpty ? Array("./".utf8) : bytes
    }
}

/// Takes what libarchive writes, and keeps the error that C cannot pass on.
@safe
private final class ArchiveSink {
    private let take: (UnsafeRawBufferPointer) throws(LayerError) -> Void
    private(set) var failure: LayerError?
    /// Nobody wants what an archive that was given up still has.
    var isClosed = false

    init(_ take: @escaping (UnsafeRawBufferPointer) throws(LayerError) -> Void) {
        unsafe self.take = unsafe take
    }

    /// Opens the archive; this object must live as long as that.
    func open(_ archive: OpaquePointer) -> CInt {
        unsafe archive_write_open(
            archive,
            Unmanaged.passUnretained(self).toOpaque(),
            nil,
            { _, context, bytes, count in
                guard let context = unsafe context else { return -1 }
                return unsafe Unmanaged<ArchiveSink>.fromOpaque(context).takeUnretainedValue()
                    .write(UnsafeRawBufferPointer(start: bytes, count: count))
            },
            nil
        )
    }

    /// archive_write_open(3): the number of bytes, -1 for an error.
    private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard !isClosed, failure == nil else { return -1 }
        do throws(LayerError) {
            try unsafe take(bytes)
            return bytes.count
        } catch {
            failure = error
            return -1
        }
    }
}
