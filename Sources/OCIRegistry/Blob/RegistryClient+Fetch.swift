// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI distribution-spec v1.1, "Pulling blobs"; RFC 9110 §14.

public import OCIStore
public import SystemPackage

extension RegistryClient {
    /// An attempt that brought as many bytes is not counted as one that failed.
    private static let worthwhile: Int64 = 1 << 20

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
        let file = try about(path) { () throws(Errno) in
            try BlobFile(path, size: blob.size, progress: progress)
        }
        var isResumed = file.length > 0
        while true {
            try await complete(file, with: blob, at: path)
            let actual = file.digest
            if actual == blob.digest { return }
            try about(path) { () throws(Errno) in try file.reset() }
            // What another process left there may be what is wrong: once more, from the beginning.
            guard isResumed else {
                throw .digestMismatch(subject, expected: blob.digest, actual: actual)
            }
            isResumed = false
        }
    }

    private func complete(
        _ file: BlobFile,
        with blob: Descriptor,
        at path: FilePath
    ) async throws(RegistryError) {
        var patience = patience(.blob(blob.digest))
        while file.length < blob.size {
            let before = file.length
            do throws(AttemptFailure) {
                try await attemptRest(of: blob, into: file, at: path)
            } catch {
                if file.length - before >= Self.worthwhile { patience.renew() }
                try await patience.wait(after: error)
            }
        }
    }

    /// One request for what is missing.
    private func attemptRest(
        of blob: Descriptor,
        into file: BlobFile,
        at path: FilePath
    ) async throws(AttemptFailure) {
        let subject = RegistrySubject.blob(blob.digest)
        let head = try await attempt(
            "\(reference.repository)/blobs/\(blob.digest)",
            subject: subject,
            headers: file.length > 0 ? ["Range": "bytes=\(file.length)-"] : [:],
            body: file,
            expecting: [200, 206, 416]
        )
        do throws(RegistryError) {
            switch file.fault {
            case nil where head.status != 416:
                break
            case nil, .range:
                try about(path) { () throws(Errno) in try file.reset() }
            case .encoding(let encoding):
                throw RegistryError.encoded(subject, encoding)
            case .length(let actual):
                try about(path) { () throws(Errno) in try file.reset() }
                throw RegistryError.sizeMismatch(subject, expected: blob.size, actual: actual)
            case .file(let errno):
                throw RegistryError.file(path, errno)
            }
        } catch {
            throw .lasting(error)
        }
        guard file.length == blob.size else {
            let reason = "\(file.length) of \(blob.size) bytes came"
            throw .passing(.interrupted(reason), host: registryHost, after: nil)
        }
    }

    private func about<Value>(
        _ path: FilePath,
        _ body: () throws(Errno) -> Value
    ) throws(RegistryError) -> Value {
        do throws(Errno) {
            return try body()
        } catch {
            throw .file(path, error)
        }
    }
}
