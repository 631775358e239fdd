// SPDX-License-Identifier: MIT OR Apache-2.0

import Download
import OCIStore
import ServerTestSupport
import Testing

@testable import OCIRegistry

extension RegistrySuites {
    /// From a name to an image's manifest and configuration.
    @Suite struct ResolveTests {
        let image = ImageFixture()

        @Test func aManifestIsReadWithItsConfiguration() async throws {
            let image = image
            let server = try ScriptedServer { image.answer($0) }
            let resolved = try await RegistryClient.of(server).resolve()
            #expect(resolved.manifest.digest == .of(image.manifest))
            #expect(resolved.layers == image.descriptors)
            #expect(resolved.diffIDs == image.layers.map(Digest.of))
            #expect(resolved.configuration.environment == ["PATH=/bin"])
            #expect(resolved.configurationDigest == .of(image.configuration))
            // HEAD would only be a word that GET has to keep.
            #expect(server.requests.allSatisfy { $0.method == "GET" })
        }

        @Test func aContentTypesParametersMeanNothing() async throws {
            let image = image
            let type = "Application/vnd.oci.image.manifest.v1+JSON ; charset=utf-8"
            let server = try ScriptedServer {
                image.answer($0, manifest: image.manifest, type: type)
            }
            let resolved = try await RegistryClient.of(server).resolve()
            #expect(resolved.manifest.digest == .of(image.manifest))
        }

        /// By its name: URLSession takes no address of that kind in a URL.
        @Test func aRegistryMayBeAtAnIPv6AddressOnly() async throws {
            let image = image
            let server = try ScriptedServer(version6: true) { image.answer($0) }
            let client = try RegistryClient(
                for: ImageReference("localhost:\(server.port)/test/image"),
                configuration: .init(environment: [:], stall: 2)
            )
            #expect(try await client.resolve().manifest.digest == .of(image.manifest))
        }

        @Test func aHigherLimitIsObeyed() async throws {
            let image = image
            let padding = [UInt8](repeating: UInt8(ascii: " "), count: 4 << 20)
            let server = try ScriptedServer {
                image.answer(
                    $0,
                    manifest: image.manifest + padding,
                    type: ImageFixture.manifestType
                )
            }
            var limits = RegistryLimits()
            limits.manifest = 8 << 20
            let client = try RegistryClient(
                for: ImageReference("127.0.0.1:\(server.port)/test/image"),
                configuration: .init(environment: [:], stall: 2, limits: limits)
            )
            #expect(try await client.resolve().layers == image.descriptors)
        }

        @Test func anIndexLeadsToThePlatformsManifestByDigest() async throws {
            let image = image
            let index = ImageFixture.index([
                ImageFixture.descriptor(
                    [0],
                    type: ImageFixture.manifestType,
                    platform: "linux/arm64"
                ),
                ImageFixture.descriptor(
                    image.manifest,
                    type: ImageFixture.manifestType,
                    platform: "linux/amd64"
                ),
            ])
            let server = try ScriptedServer {
                image.answer($0, manifest: index, type: ImageFixture.indexType)
            }
            let resolved = try await RegistryClient.of(server).resolve()
            #expect(resolved.manifest.digest == .of(image.manifest))
            #expect(server.requests[1].path.hasSuffix("/manifests/\(Digest.of(image.manifest))"))
        }

        @Test func aMissingPlatformIsAnErrorThatListsTheOthers() async throws {
            let index = ImageFixture.index([
                ImageFixture.descriptor(
                    [0],
                    type: ImageFixture.manifestType,
                    platform: "linux/arm64"
                ),
                ImageFixture.descriptor(
                    [1],
                    type: ImageFixture.manifestType,
                    platform: "unknown/unknown"
                ),
            ])
            let error = await image.refusal(of: index, type: ImageFixture.indexType)
            guard case .platformMissing(_, let wanted, let available) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(wanted == ImageFixture.platform)
            #expect(available == [Platform(os: "linux", architecture: "arm64")])
        }

        @Test func aMissingTagIsNamed() async throws {
            let error = await refusal { _ in Reply(404) }
            guard case .missing(.manifest, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }

        @Test func aWarningIsToldOnce() async throws {
            let image = image
            let notices = Notices()
            let server = try ScriptedServer { request in
                var reply = image.answer(request)
                reply.headers["Warning"] = "299 - \"\u{1B}[31mold\""
                return reply
            }
            _ = try await RegistryClient.of(server, notices: notices).resolve()
            #expect(notices.all.count == 1)
        }
    }
}
