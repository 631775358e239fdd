// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI image-spec v1.1, manifest.md and image-index.md.

import Foundation
import OCIStore

/// A manifest or an index, with the fields that tell them apart.
struct ManifestDocument {
    enum Content {
        case manifest(configuration: Descriptor, layers: [Descriptor])
        case index([Descriptor])
    }

    let digest: Digest
    let mediaType: String
    let size: Int64
    let content: Content

    private struct Fields: Decodable {
        var mediaType: String?
        var config: Descriptor?
        var layers: [Descriptor]?
        var manifests: [Descriptor]?
    }

    /// What may be beside a digest in place of a request for it.
    private struct Embedded: Decodable {
        var digest: Digest
        var size: Int64
        var data: String?

        /// Nothing that is embedded is used; what contradicts its digest is a lie all the same.
        var isSound: Bool {
            guard let data else { return true }
            guard let bytes = Data(base64Encoded: data) else { return false }
            return Int64(bytes.count) == size && Digest.of(Array(bytes)) == digest
        }
    }

    private struct EmbeddedFields: Decodable {
        var config: Embedded?
        var layers: [Embedded]?
        var manifests: [Embedded]?

        var all: [Embedded] { (config.map { [$0] } ?? []) + (layers ?? []) + (manifests ?? []) }
    }

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - bytes: as received.
    ///   - header: its `Content-Type`, which must not contradict the document (CVE-2021-41190).
    ///   - subject: for errors.
    /// - Throws: `RegistryError.unsupportedMediaType`, `.mediaTypeMismatch` or `.malformed`.
    init(
        _ bytes: [UInt8],
        contentType header: String?,
        subject: RegistrySubject
    ) throws(RegistryError) {
        let announced = header.map(MediaType.essence)
        if let announced, !(MediaType.manifests + MediaType.indexes).contains(announced) {
            throw .unsupportedMediaType(subject, announced)
        }
        let fields = try decode(Fields.self, from: bytes, subject: subject)
        if let announced, let own = fields.mediaType, announced != own {
            throw .mediaTypeMismatch(subject, header: announced, document: own)
        }
        mediaType = fields.mediaType ?? announced ?? ""
        digest = .of(bytes)
        size = Int64(bytes.count)
        content = try Self.content(of: fields, mediaType: mediaType, subject: subject)
        let embedded = try decode(EmbeddedFields.self, from: bytes, subject: subject)
        if let liar = embedded.all.first(where: { !$0.isSound }) {
            throw .malformed(subject, .embeddedData(liar.digest))
        }
    }

    /// A descriptor's size must not overflow where several are added up.
    private static func isPlausible(_ size: Int64) -> Bool { size > 0 && size < 1 << 50 }

    private static func content(
        of fields: Fields,
        mediaType: String,
        subject: RegistrySubject
    ) throws(RegistryError) -> Content {
        switch (fields.config, fields.layers, fields.manifests) {
        case (let configuration?, let layers?, nil) where MediaType.manifests.contains(mediaType):
            for descriptor in [configuration] + layers where !Self.isPlausible(descriptor.size) {
                throw .malformed(subject, .size(descriptor.size))
            }
            return .manifest(configuration: configuration, layers: layers)
        case (nil, nil, let manifests?) where MediaType.indexes.contains(mediaType):
            for descriptor in manifests where !Self.isPlausible(descriptor.size) {
                throw .malformed(subject, .size(descriptor.size))
            }
            return .index(manifests)
        case (.some, _, .some), (_, .some, .some):
            throw .malformed(subject, .ambiguous)
        default:
            let isKnown = (MediaType.manifests + MediaType.indexes).contains(mediaType)
            throw isKnown
                ? .malformed(subject, .json) : .unsupportedMediaType(subject, mediaType)
        }
    }
}

/// Reads JSON; Foundation's decoder bounds the depth and refuses what follows the document.
func decode<Document: Decodable>(
    _ type: Document.Type,
    from bytes: [UInt8],
    subject: RegistrySubject
) throws(RegistryError) -> Document {
    do {
        return try JSONDecoder().decode(type, from: Data(bytes))
    } catch DigestError.unsupportedAlgorithm(let text), DigestError.malformed(let text) {
        throw .malformed(subject, .digest(text))
    } catch {
        throw .malformed(subject, .json)
    }
}
