// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI distribution-spec v1.1, "Pulling manifests".

import Download
public import OCIStore

extension RegistryClient {
    /// buildx makes an index within an index; nobody goes deeper.
    private static let deepestIndex = 2

    /// Finds out what the reference stands for.
    ///
    /// Every byte that counts is checked against a digest, but for those of the document that a
    /// tag leads to; from there on it goes by digest only, so a tag that moves meanwhile does no harm.
    ///
    /// - Parameter platform: which manifest of an index to take.
    /// - Returns: the manifest's and configuration's contents.
    /// - Throws: any `RegistryError` but those about files of layers.
    public func resolve(platform: Platform) async throws(RegistryError) -> ResolvedImage {
        let subject = RegistrySubject.manifest(reference)
        var document = try await document(digest: reference.digest, size: nil)
        var depth = 0
        var index: Digest?
        while case .index(let entries) = document.content {
            depth += 1
            index = index ?? document.digest
            guard depth <= Self.deepestIndex else { throw .malformed(subject, .nesting) }
            guard let entry = Self.choose(platform, among: entries) else {
                throw .platformMissing(
                    reference,
                    wanted: platform,
                    available: Self.platforms(of: entries)
                )
            }
            document = try await self.document(digest: entry.digest, size: entry.size)
        }
        guard case .manifest(let configuration, let layers) = document.content else {
            throw .malformed(subject, .json)
        }
        guard MediaType.configurations.contains(configuration.mediaType) else {
            throw .unsupportedMediaType(subject, configuration.mediaType)
        }
        let fields = try await fetchConfiguration(configuration)
        if let own = fields.platform, !platform.accepts(own) {
            throw .platformMissing(reference, wanted: platform, available: [own])
        }
        guard fields.rootfs.diffIDs.count == layers.count else {
            throw .malformed(
                subject,
                .layerCount(manifest: layers.count, configuration: fields.rootfs.diffIDs.count)
            )
        }
        return ResolvedImage(
            index: index,
            manifest: Descriptor(
                mediaType: document.mediaType,
                digest: document.digest,
                size: document.size
            ),
            layers: layers,
            configuration: fields.config ?? ImageConfiguration(),
            configurationDigest: configuration.digest,
            diffIDs: fields.rootfs.diffIDs
        )
    }

    /// The same platform, else one that serves, else an index that does not say.
    private static func choose(_ platform: Platform, among entries: [Descriptor]) -> Descriptor? {
        entries.first { $0.platform == platform }
            ?? entries.first { $0.platform.map(platform.accepts) ?? false }
            ?? entries.first { $0.platform == nil && MediaType.indexes.contains($0.mediaType) }
    }

    /// What an index offers; attestations are listed as for an unknown platform.
    private static func platforms(of entries: [Descriptor]) -> [Platform] {
        var seen: Set<Platform> = []
        return entries.compactMap(\.platform).filter {
            $0.os != "unknown" && seen.insert($0).inserted
        }
    }

    private func document(
        digest: Digest?,
        size: Int64?
    ) async throws(RegistryError) -> ManifestDocument {
        let subject = RegistrySubject.manifest(reference)
        let name = digest?.description ?? reference.tag ?? "latest"
        let body = MemoryBody(limit: limits.manifest)
        let head = try await get(
            "\(reference.repository)/manifests/\(name)",
            subject: subject,
            headers: ["Accept": MediaType.accepted],
            body: body
        )
        let bytes = try checked(body, subject: subject, size: size, digest: digest)
        if let text = head["docker-content-digest"], let announced = try? Digest(text) {
            try check(bytes, subject: subject, digest: announced)
        }
        return try ManifestDocument(bytes, contentType: head["content-type"], subject: subject)
    }

    private func fetchConfiguration(
        _ descriptor: Descriptor
    ) async throws(RegistryError) -> ConfigurationDocument {
        let subject = RegistrySubject.configuration(descriptor.digest)
        guard descriptor.size <= limits.configuration else {
            throw .tooLarge(subject, limit: limits.configuration)
        }
        let body = MemoryBody(limit: Int(descriptor.size))
        _ = try await get(
            "\(reference.repository)/blobs/\(descriptor.digest)",
            subject: subject,
            body: body
        )
        let bytes = try checked(
            body,
            subject: subject,
            size: descriptor.size,
            digest: descriptor.digest
        )
        return try decode(ConfigurationDocument.self, from: bytes, subject: subject)
    }

    /// The body, once its length and digest are as announced.
    private func checked(
        _ body: MemoryBody,
        subject: RegistrySubject,
        size: Int64?,
        digest: Digest?
    ) throws(RegistryError) -> [UInt8] {
        let bytes = body.contents
        if let size, size != Int64(bytes.count) {
            throw .sizeMismatch(subject, expected: size, actual: Int64(bytes.count))
        }
        guard bytes.count <= body.limit else { throw .tooLarge(subject, limit: body.limit) }
        if let digest { try check(bytes, subject: subject, digest: digest) }
        return bytes
    }

    private func check(
        _ bytes: [UInt8],
        subject: RegistrySubject,
        digest: Digest
    ) throws(RegistryError) {
        let actual = Digest.of(bytes)
        guard actual == digest else {
            throw .digestMismatch(subject, expected: digest, actual: actual)
        }
    }
}
