// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI distribution-spec v1.1, "Pushing blobs", "Pushing manifests".

import Download
import Foundation
public import OCIStore
public import SystemPackage

extension RegistryClient {
    /// A client that pushes one image: to its registry, whatever mirrors there are.
    ///
    /// - Parameters:
    ///   - reference: what the image will be called; with a tag.
    ///   - configuration: the surroundings.
    /// - Throws: `blocked`, `routesUnreadable`, `routeMalformed`, `certificatesUnreadable`.
    public convenience init(
        pushing reference: ImageReference,
        configuration: Configuration
    ) throws(RegistryError) {
        let stops = try RegistryStop.stops(
            to: reference,
            environment: configuration.environment
        )
        let stop = stops.last ?? RegistryStop(reference: reference)
        var configuration = configuration
        configuration.access = .push
        try self.init(
            at: stop,
            trusting: stop.authorities
                + RegistryCertificates.directories(
                    for: stop.reference.registry,
                    environment: configuration.environment
                ),
            configuration: configuration
        )
    }

    /// Pushes a blob, unless the registry has it.
    ///
    /// The file is sent as it is read, whatever its size. A transfer that breaks begins anew.
    ///
    /// - Parameters:
    ///   - path: of the blob.
    ///   - digest: of the blob.
    /// - Returns: whether it had to be sent.
    /// - Throws: any `RegistryError` but those about documents.
    public func push(_ path: FilePath, _ digest: Digest) async throws(RegistryError) -> Bool {
        let subject = RegistrySubject.upload(digest)
        let known = try await patiently(subject) {
            () async throws(AttemptFailure<RegistryError>) in
            try await attempt(
                "\(reference.repository)/blobs/\(digest)",
                subject: subject,
                method: "HEAD",
                body: MemoryBody(limit: 0),
                expecting: [200, 404]
            ).0.status == 200
        }
        guard !known else { return false }
        try await patiently(subject) { () async throws(AttemptFailure<RegistryError>) in
            try await upload(.file(path), digest, subject)
        }
        return true
    }

    /// Pushes a short blob, such as a configuration, unless the registry has it.
    ///
    /// - Parameter bytes: all of it.
    /// - Throws: any `RegistryError` but those about documents.
    public func push(blob bytes: [UInt8]) async throws(RegistryError) {
        let digest = Digest.of(bytes)
        let subject = RegistrySubject.upload(digest)
        try await patiently(subject) { () async throws(AttemptFailure<RegistryError>) in
            try await upload(.bytes(bytes, type: "application/octet-stream"), digest, subject)
        }
    }

    /// Pushes a manifest under the reference's tag, or its digest; its blobs are there.
    ///
    /// - Parameters:
    ///   - bytes: all of it.
    ///   - mediaType: as in the manifest.
    /// - Throws: any `RegistryError`; `.digestMismatch` where the registry has made another one of it.
    public func push(
        manifest bytes: [UInt8],
        mediaType: String
    ) async throws(RegistryError) {
        let subject = RegistrySubject.uploadedManifest(reference)
        let digest = Digest.of(bytes)
        let head = try await patiently(subject) {
            () async throws(AttemptFailure<RegistryError>) in
            try await attempt(
                "\(reference.repository)/manifests/\(reference.tag ?? digest.description)",
                subject: subject,
                method: "PUT",
                content: .bytes(bytes, type: mediaType),
                body: MemoryBody(limit: Self.answerLimit),
                expecting: [200, 201, 202]
            ).0
        }
        if let text = head["docker-content-digest"], let kept = try? Digest(text), kept != digest {
            throw .digestMismatch(subject, expected: digest, actual: kept)
        }
    }

    /// Nothing of what is said about an upload is used.
    private static let answerLimit = 64 << 10

    /// Asks where a blob may be sent, and sends it there.
    private func upload(
        _ content: RequestContent,
        _ digest: Digest,
        _ subject: RegistrySubject
    ) async throws(AttemptFailure<RegistryError>) {
        let (head, host) = try await attempt(
            "\(reference.repository)/blobs/uploads/",
            subject: subject,
            method: "POST",
            content: .bytes([], type: "application/octet-stream"),
            body: MemoryBody(limit: Self.answerLimit),
            expecting: [202]
        )
        let location = head["location"] ?? ""
        let separator = location.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
        let endpoint = try await endpoint()
        let asked = try request(
            "\(reference.repository)/blobs/uploads/",
            of: endpoint,
            "PUT",
            content
        )
        let request: Request
        do throws(RedirectRefusal) {
            request = try Redirect.next(
                after: asked,
                location: "\(location)\(separator)digest=\(digest)",
                policy: .secret
            )
        } catch {
            throw .lasting(.redirectRefused(subject, host: host, location: location, error))
        }
        _ = try await exchange(
            request,
            with: endpoint,
            subject: subject,
            body: MemoryBody(limit: Self.answerLimit),
            expecting: [201, 204]
        )
    }
}
