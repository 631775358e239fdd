// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI image-spec v1.1, image-layout.md; what podman and skopeo call an oci-archive.

import Glibc
import OCILayer
import OCIStore
import RootfsRecipe
import SystemPackage

/// An OCI layout in a tar archive, which appears whole or not at all; the same bytes each time.
final class LayoutArchive: ImageDestination {
    private let path: FilePath
    private let file: ArchiveFile
    private let archive: ArchiveWriter
    private let staging: Staging
    private var written: Set<Digest> = []
    private var images: [(image: ExportRequest.Image, manifest: [UInt8])] = []

    /// Begins an archive, which replaces a file that is there.
    ///
    /// Blobs are made in the store's file system, one at a time.
    init(_ path: FilePath, _ store: Store) throws(ExportError) {
        let staging = try wording(ExportError.store) { () throws(StoreError) in
            try Staging(in: store)
        }
        let file = try wording(ExportError.output) { () throws(StoreError) in
            try ArchiveFile(besides: path)
        }
        let archive = try wording(Self.failure) { () throws(LayerError) in
            try unsafe ArchiveWriter.tar { (bytes) throws(LayerError) in
                try unsafe file.write(bytes)
            }
        }
        self.path = path
        self.file = file
        self.archive = archive
        self.staging = staging
    }

    var blobPath: FilePath { staging.directory.path.appending("blob") }

    func take(_ blob: LayerBlob) async throws(ExportError) -> Bool {
        guard written.insert(blob.digest).inserted else { return false }
        try add("blobs/sha256/\(blob.digest.hex)", size: blob.size, of: blobPath)
        return true
    }

    func take(
        _ documents: ImageDocuments,
        of image: ExportRequest.Image
    ) async throws(ExportError) {
        for document in [documents.configuration, documents.manifest] {
            let digest = Digest.of(document)
            guard written.insert(digest).inserted else { continue }
            try add("blobs/sha256/\(digest.hex)", document)
        }
        images.append((image, documents.manifest))
    }

    func finish() async throws(ExportError) {
        try add("oci-layout", ImageDocuments.layout)
        try add("index.json", ImageDocuments.index(images))
        try wording(Self.failure) { () throws(LayerError) in try archive.finish() }
        try wording(ExportError.output) { () throws(StoreError) in try file.publish(as: path) }
    }

    private static func failure(_ error: LayerError) -> ExportError {
        if case .store(let error) = error { return .output(error) }
        return .layer(Digest.of([]), error)
    }

    private func add(_ name: String, _ bytes: [UInt8]) throws(ExportError) {
        try wording(Self.failure) { () throws(LayerError) in
            try archive.add(name, size: Int64(bytes.count))
            try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(LayerError) in
                try unsafe archive.append(UnsafeRawBufferPointer(buffer))
            }
        }
    }

    private func add(
        _ name: String,
        size: Int64,
        of path: FilePath
    ) throws(ExportError) {
        try wording(Self.failure) { () throws(LayerError) in
            try archive.add(name, size: size)
            try unsafe readWhole(path) { (bytes) throws(LayerError) in
                try unsafe archive.append(bytes)
            }
        }
    }
}

/// The file of an archive, under another name until it is whole.
private final class ArchiveFile {
    private let descriptor: OwnedDescriptor
    private var isPublished = false

    init(besides path: FilePath) throws(StoreError) {
        let name = ".\(path.lastComponent?.string ?? "").partial"
        descriptor = try OwnedDescriptor(
            opening: path.removingLastComponent().appending(name),
            O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW,
            mode: 0o644
        )
    }

    deinit {
        guard !isPublished else { return }
        _ = unsafe descriptor.path.withPlatformString { unsafe unlink($0) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
        do throws(StoreError) {
            try unsafe descriptor.write(bytes)
        } catch {
            throw .store(error)
        }
    }

    func publish(as path: FilePath) throws(StoreError) {
        try descriptor.synchronise()
        try systemCall("rename", path) {
            unsafe descriptor.path.withPlatformString { old in
                unsafe path.withPlatformString { new in unsafe rename(old, new) }
            }
        }
        isPublished = true
    }
}
