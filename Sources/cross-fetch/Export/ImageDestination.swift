// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIStore
import RootfsRecipe
import SystemPackage

/// Where images go: a layout, or a registry.
protocol ImageDestination: AnyObject {
    /// A path for a blob that is about to be written; the same each time.
    var blobPath: FilePath { get }

    /// Takes what was written to `blobPath`.
    ///
    /// - Returns: false where it was there already.
    func take(_ blob: LayerBlob) async throws(ExportError) -> Bool

    /// Takes an image's documents, once its layers are there.
    func take(_ documents: ImageDocuments, of image: ExportRequest.Image) async throws(ExportError)

    /// All images are there.
    func finish() async throws(ExportError)
}
