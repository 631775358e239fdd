// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI distribution-spec v1.1, "Pulling blobs".

import Download
public import OCIStore
public import SystemPackage

extension RegistryClient {
    /// Fetches one blob and leaves it in a file.
    ///
    /// What the file holds already is taken for the beginning of the blob, so an interrupted fetch
    /// goes on. The file must be the caller's alone while this runs.
    ///
    /// - Parameters:
    ///   - blob: what to fetch; `size` is in bytes, and one byte more or fewer is an error.
    ///   - path: made where it is not there; kept when this throws, unless its bytes are wrong.
    ///   - progress: told how many bytes of the blob are there; falls back where it begins anew.
    /// - Throws: any `RegistryError` but those about documents.
    public func fetch(
        _ blob: Descriptor,
        into path: FilePath,
        progress: @escaping @Sendable (Int64) -> Void = { _ in }
    ) async throws(RegistryError) {
        let subject = RegistrySubject.blob(blob.digest)
        guard blob.size > 0 else { throw .malformed(subject, .size(blob.size)) }
        let file: BlobFile
        do throws(Errno) {
            file = try BlobFile(path, size: blob.size, progress: progress)
        } catch {
            throw .file(path, error)
        }
        try await file.fill(blob.digest, patience: patience(subject)) {
            RegistryError($0, of: subject)
        } attempt: { () async throws(AttemptFailure<RegistryError>) in
            try await attempt(
                "\(reference.repository)/blobs/\(blob.digest)",
                subject: subject,
                headers: file.rangeHeader,
                body: file,
                expecting: [200, 206, 416]
            )
        }
    }
}
