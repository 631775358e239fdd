// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import ServerTestSupport
import Testing

@testable import OCIRegistry

extension RegistrySuites {
    /// Documents that are no image, or not the one that was asked for.
    @Suite struct HostileManifestTests {
        let image = ImageFixture()

        @Test func anIndexThatLeadsToItselfIsRefused() async throws {
            let entry = ImageFixture.descriptor(
                [UInt8](repeating: 0, count: 300),
                type: ImageFixture.indexType,
                platform: "linux/amd64"
            )
            let index = ImageFixture.index([entry])
            let error = await refusal { _ in
                Reply(headers: ["Content-Type": ImageFixture.indexType], body: index)
            }
            switch error {
            case .digestMismatch, .sizeMismatch: break
            default: Issue.record("\(String(describing: error))")
            }
        }

        @Test func anIndexWithinAnIndexWithinAnIndexIsRefused() async throws {
            let image = image
            var documents = [image.manifest]
            for _ in 0..<3 {
                let type =
                    documents.count == 1 ? ImageFixture.manifestType : ImageFixture.indexType
                let entry = ImageFixture.descriptor(
                    documents[documents.count - 1],
                    type: type,
                    platform: "linux/amd64"
                )
                documents.append(ImageFixture.index([entry]))
            }
            let all = documents
            let server = try ScriptedServer { request in
                let named = all.first { request.path.hasSuffix("\(Digest.of($0))") }
                return Reply(
                    headers: ["Content-Type": ImageFixture.indexType],
                    body: named ?? all[3]
                )
            }
            let error = await #expect(throws: RegistryError.self) {
                try await RegistryClient.of(server).resolve()
            }
            guard case .malformed(_, .nesting) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }

        @Test func aDigestThatWasAskedForMustBeTheBodys() async throws {
            let image = image
            let other = Digest.of([1, 2, 3])
            let server = try ScriptedServer { _ in
                Reply(headers: ["Content-Type": ImageFixture.manifestType], body: image.manifest)
            }
            let error = await #expect(throws: RegistryError.self) {
                try await RegistryClient.of(server, "@\(other)").resolve()
            }
            guard case .digestMismatch(_, other, .of(image.manifest)) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }

        @Test func aDigestInTheHeaderMustBeTheBodys() async throws {
            let image = image
            let error = await refusal { _ in
                Reply(
                    headers: [
                        "Content-Type": ImageFixture.manifestType,
                        "Docker-Content-Digest": "\(Digest.of([9]))",
                    ],
                    body: image.manifest
                )
            }
            guard case .digestMismatch = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }

        /// Documents that must be turned down, and as what.
        static let refused: [(String, type: String, Malformation?)] = [
            (#"{"mediaType":"M","config":C,"layers":[],"manifests":[]}"#, "M", .ambiguous),
            (#"{"mediaType":"I","layers":[],"manifests":[]}"#, "I", .ambiguous),
            (#"{"mediaType":"I","config":C,"layers":[]}"#, "M", nil),
            (#"{"mediaType":"M","config":C,"layers":[L-1]}"#, "M", .size(-1)),
            (#"{"mediaType":"M","config":C,"layers":[L0]}"#, "M", .size(0)),
            (#"{"mediaType":"M","config":C,"layers":[L9223372036854775808]}"#, "M", .json),
            (#"{"mediaType":"M","config":C,"layers":[L1e999]}"#, "M", .json),
            (#"{"mediaType":"M","config":C,"layers":[]} x"#, "M", .json),
            (#"{"mediaType":"M","config":C}"#, "M", .json),
            (#"{"mediaType":"M","config":C,"layers":[D]}"#, "M", .embeddedData(.of([7]))),
            (#"{"mediaType":"M","config":C,"layers":[],"layers":[L0]}"#, "M", nil),
            (#"{"mediaType":"M","config":C,"layers":["\ud800"]}"#, "M", .json),
            ("\u{FEFF}{", "M", .json),
            ("<html>log in</html>", "text/html", nil),
            (#"{"schemaVersion":1,"fsLayers":[]}"#, "S", nil),
            (String(repeating: "[", count: 100_000), "M", .json),
            ("", "M", .json),
        ]

        @Test(arguments: refused.indices)
        func aDocumentThatIsNoManifestIsRefused(_ index: Int) async throws {
            let (template, type, malformation) = Self.refused[index]
            func filled(_ text: String) -> String {
                let digest = Digest.of(image.configuration)
                return
                    text
                    .replacing("\"M\"", with: "\"\(ImageFixture.manifestType)\"")
                    .replacing("\"I\"", with: "\"\(ImageFixture.indexType)\"")
                    .replacing(
                        "C,",
                        with: ImageFixture.descriptor(
                            image.configuration,
                            type: "application/vnd.oci.image.config.v1+json"
                        ) + ","
                    )
                    .replacing(
                        "[D]",
                        with:
                            #"[{"mediaType":"x","digest":"\#(Digest.of([7]))","size":1,"data":"eA=="}]"#
                    )
                    .replacing(#/L([-0-9e]+)/#) {
                        #"{"mediaType":"x","digest":"\#(digest)","size":\#($0.output.1)}"#
                    }
            }
            let types = [
                "M": ImageFixture.manifestType, "I": ImageFixture.indexType,
                "S": "application/vnd.docker.distribution.manifest.v1+prettyjws",
            ]
            let error = await image.refusal(
                of: Array(filled(template).utf8),
                type: types[type] ?? type
            )
            switch (error, malformation) {
            case (.malformed(_, let found), let expected?): #expect(found == expected)
            case (.unsupportedMediaType, nil), (.mediaTypeMismatch, nil): break
            // Of a name that comes twice either value counts, and neither is an image here.
            case (.malformed, nil): break
            default: Issue.record("\(String(describing: error))")
            }
        }

        @Test(arguments: [
            "sha512:\(String(repeating: "a", count: 128))", "../../etc/passwd",
            "sha256:\(String(repeating: "A", count: 64))", "sha256:..",
        ])
        func aDigestOfAnotherKindIsRefused(_ digest: String) async throws {
            let manifest = """
                {"config":{"mediaType":"x","digest":"\(digest)","size":1},"layers":[]}
                """
            let error = await image.refusal(
                of: Array(manifest.utf8),
                type: ImageFixture.manifestType
            )
            guard case .malformed(_, .digest(digest)) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }

        @Test func anArtifactIsNoImage() async throws {
            let empty = Array("{}".utf8)
            let manifest = String(
                decoding: ImageFixture.manifest(configuration: empty, layers: []),
                as: UTF8.self
            ).replacing("oci.image.config.v1", with: "oci.empty.v1")
            let error = await image.refusal(
                of: Array(manifest.utf8),
                type: ImageFixture.manifestType
            )
            guard case .unsupportedMediaType(_, "application/vnd.oci.empty.v1+json") = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }

        @Test func aConfigurationWithAnotherNumberOfLayersIsRefused() async throws {
            let image = image
            let manifest = ImageFixture.manifest(
                configuration: image.configuration,
                layers: [image.layers[0]]
            )
            let error = await image.refusal(of: manifest, type: ImageFixture.manifestType)
            guard case .malformed(_, .layerCount(manifest: 1, configuration: 2)) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }

        @Test func aDocumentMayHaveFourMebibytesAndNoMore() async throws {
            let limit = 4 << 20
            for (size, isTooLarge) in [(limit, false), (limit + 1, true)] {
                let padding = [UInt8](
                    repeating: UInt8(ascii: " "),
                    count: size - image.manifest.count
                )
                let body = image.manifest + padding
                let image = image
                let server = try ScriptedServer {
                    image.answer($0, manifest: body, type: ImageFixture.manifestType)
                }
                let client = try RegistryClient.of(server)
                if isTooLarge {
                    let error = await #expect(throws: RegistryError.self) {
                        try await client.resolve()
                    }
                    guard case .tooLarge(_, limit: limit) = error else {
                        Issue.record("\(String(describing: error))")
                        return
                    }
                } else {
                    _ = try await client.resolve()
                }
            }
        }

        @Test func aNeverEndingDocumentEndsAtTheLimit() async throws {
            let error = await refusal { _ in
                var reply = Reply(headers: ["Content-Type": ImageFixture.manifestType])
                reply.length = nil
                reply.ending = .endless
                return reply
            }
            guard case .tooLarge = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }
}
