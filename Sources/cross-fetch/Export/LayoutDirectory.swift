// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI image-spec v1.1, image-layout.md.

import Glibc
import OCILayer
import OCIStore
import RootfsRecipe
import SystemPackage

/// An OCI layout in a directory.
final class LayoutDirectory: ImageDestination {
    private let directory: OwnedDescriptor
    private let blobs: OwnedDescriptor
    private var images: [(image: ExportRequest.Image, manifest: [UInt8])] = []

    private static let partial: PathBytes = ".partial"

    /// What one that was not finished has; its blobs are whole, or called otherwise.
    private static let unfinished: Set<PathBytes> = ["blobs", "oci-layout"]

    /// Begins a layout in a directory that is empty, was not finished, or is not there yet.
    init(_ path: FilePath) throws(ExportError) {
        do throws(StoreError) {
            let parent = try OwnedDescriptor(
                opening: path.removingLastComponent().isEmpty
                    ? "." : path.removingLastComponent(),
                O_RDONLY | O_DIRECTORY
            )
            let name = PathBytes(spelled: path.lastComponent?.string ?? ".")
            let directory = try parent.openOrMakeDirectory(name)
            var listing = try DirectoryListing(of: directory)
            while let entry = try listing.next() {
                guard Self.unfinished.contains(entry.name) else {
                    throw StoreError.notAStore(path)
                }
            }
            let blobs = try directory.openOrMakeDirectory("blobs").openOrMakeDirectory("sha256")
            self.directory = directory
            self.blobs = blobs
        } catch .notAStore {
            throw .occupied(path)
        } catch {
            throw .output(error)
        }
    }

    var blobPath: FilePath { blobs.path.appending(Self.partial) }

    func take(_ blob: LayerBlob) async throws(ExportError) -> Bool {
        let name = PathBytes(spelled: blob.digest.hex)
        return try wording(ExportError.output) { () throws(StoreError) in
            guard !blobs.contains(name) else {
                try blobs.unlink(Self.partial)
                return false
            }
            try blobs.changeMode(Self.partial, to: 0o644)
            try blobs.rename(Self.partial, to: blobs, name)
            return true
        }
    }

    func take(
        _ documents: ImageDocuments,
        of image: ExportRequest.Image
    ) async throws(ExportError) {
        for document in [documents.configuration, documents.manifest] {
            try write(document, to: blobs, PathBytes(spelled: Digest.of(document).hex))
        }
        images.append((image, documents.manifest))
    }

    func finish() async throws(ExportError) {
        try write(ImageDocuments.layout, to: directory, "oci-layout")
        // Last: without it, it is no layout.
        try write(ImageDocuments.index(images), to: directory, "index.json")
    }

    private func write(
        _ bytes: [UInt8],
        to directory: borrowing OwnedDescriptor,
        _ name: PathBytes
    ) throws(ExportError) {
        try wording(ExportError.output) { () throws(StoreError) in
            guard !directory.contains(name) else { return }
            try directory.makeFile(name).write(bytes)
            try directory.changeMode(name, to: 0o644)
        }
    }
}
