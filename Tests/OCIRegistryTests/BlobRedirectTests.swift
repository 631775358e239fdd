// SPDX-License-Identifier: MIT OR Apache-2.0

import Download
import OCIStore
import ServerTestSupport
import SystemPackage
import Testing

@testable import OCIRegistry

extension RegistrySuites {
    /// Blobs that lie elsewhere, as those of most registries do.
    @Suite struct BlobRedirectTests {
        let ground: BlobGround

        init() throws { ground = try BlobGround() }

        @Test func aRedirectIsFollowedWithoutTheCredentials() async throws {
            let image = ground.image
            let elsewhere = try ScriptedServer { request in
                .range(of: image.layers[0], for: request)
            }
            let port = elsewhere.port
            let server = try ScriptedServer { request in
                guard request.headers["authorization"] == "Basic dTpw" else {
                    return Reply(401, headers: ["WWW-Authenticate": "Basic realm=\"r\""])
                }
                return Reply(307, headers: ["Location": "http://127.0.0.1:\(port)/storage"])
            }
            let auth = try ground.directory.write(
                "auth.json",
                #"{"auths":{"127.0.0.1:\#(server.port)":{"auth":"dTpw"}}}"#
            )
            try ground.directory.write("blob", Array(ground.bytes.prefix(60_000)))
            try await RegistryClient.of(server, environment: ["REGISTRY_AUTH_FILE": auth.string])
                .fetch(ground.blob, into: ground.file)
            #expect(try ground.fetched == ground.bytes)
            #expect(elsewhere.requests.map(\.offset) == [60_000])
            #expect(elsewhere.requests[0].headers["authorization"] == nil)
        }

        @Test func aRedirectTargetThatAsksForCredentialsGetsNone() async throws {
            let elsewhere = try ScriptedServer { _ in
                Reply(401, headers: ["WWW-Authenticate": "Basic realm=\"r\""])
            }
            let port = elsewhere.port
            let server = try ScriptedServer { _ in
                Reply(307, headers: ["Location": "http://127.0.0.1:\(port)/storage"])
            }
            let auth = try ground.directory.write(
                "auth.json",
                #"{"auths":{"127.0.0.1:\#(server.port)":{"auth":"dTpw"}}}"#
            )
            let error = await #expect(throws: RegistryError.self) {
                try await RegistryClient.of(
                    server,
                    environment: ["REGISTRY_AUTH_FILE": auth.string]
                )
                .fetch(ground.blob, into: ground.file)
            }
            #expect(
                error
                    == .status(
                        401,
                        .blob(ground.blob.digest),
                        host: "127.0.0.1:\(port)",
                        attempts: 1
                    )
            )
            #expect(elsewhere.requests.allSatisfy { $0.headers["authorization"] == nil })
        }

        @Test func redirectsEndAfterTen() async throws {
            let server = try ScriptedServer { _ in Reply(302, headers: ["Location": "/again"]) }
            guard case .redirectRefused(_, _, _, .tooMany) = await ground.failure(server) else {
                Issue.record("no refusal")
                return
            }
            #expect(server.requests.count == 11)
        }
    }
}
