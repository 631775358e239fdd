// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIRegistry
import OCIStore
import RootfsRecipe
import SystemPackage

/// A registry that an image is pushed to.
final class RegistryDestination: ImageDestination {
    private let client: RegistryClient
    private let staging: Staging

    /// Pushes by a client that is the image's; blobs are made in the store's file system, one at a time.
    init(_ client: RegistryClient, _ store: Store) throws(ExportError) {
        self.client = client
        staging = try wording(ExportError.store) { () throws(StoreError) in
            try Staging(in: store)
        }
    }

    var blobPath: FilePath { staging.directory.path.appending("blob") }

    func take(_ blob: LayerBlob) async throws(ExportError) -> Bool {
        try await waiting(ExportError.registry) { () async throws(RegistryError) in
            try await client.push(blobPath, blob.digest)
        }
    }

    func take(
        _ documents: ImageDocuments,
        of image: ExportRequest.Image
    ) async throws(ExportError) {
        try await waiting(ExportError.registry) { () async throws(RegistryError) in
            try await client.push(blob: documents.configuration)
            try await client.push(
                manifest: documents.manifest,
                mediaType: ImageDocuments.mediaType
            )
        }
    }

    func finish() async throws(ExportError) {}
}
