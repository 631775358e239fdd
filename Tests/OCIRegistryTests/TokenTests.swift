// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import ServerTestSupport
import SystemPackage
import Testing

@testable import OCIRegistry

extension RegistrySuites {
    @Suite struct TokenTests {
        let image = ImageFixture()
        let directory: TemporaryDirectory

        init() throws {
            directory = try TemporaryDirectory()
        }

        /// A registry whose challenge names its own `/token`, which gives `token` to `authorized`.
        private func registry(
            token: Reply = Reply(body: Array(#"{"token":"good"}"#.utf8)),
            challenge: String = #"Bearer realm="http://HOST/token",service="s",scope="x""#
        ) throws -> ScriptedServer {
            let image = image
            return try ScriptedServer { request in
                if request.path == "/token" { return token }
                let host = request.headers["host"] ?? ""
                guard request.headers["authorization"] == "Bearer good" else {
                    let value = challenge.replacing("HOST", with: host)
                    return Reply(401, headers: ["WWW-Authenticate": value])
                }
                return image.answer(request)
            }
        }

        @Test func aTokenIsFetchedOnceAndKept() async throws {
            let server = try registry()
            let client = try RegistryClient.of(server)
            _ = try await client.resolve()
            try await client.fetch(image.descriptors[0], into: directory.path.appending("blob"))
            let paths = server.requests.map(\.target)
            #expect(paths.count { $0.hasPrefix("/token") } == 1)
            #expect(paths[1] == "/token?service=s&scope=repository%3Atest%2Fimage%3Apull")
            // Asked, challenged, token, manifest, configuration, layer.
            #expect(paths.count == 5)
        }

        @Test func credentialsGoToTheTokenServerOfTheRegistry() async throws {
            let server = try registry()
            let environment = try authorization(server, #""auth":"dTpw""#)
            _ = try await RegistryClient.of(server, environment: environment).resolve()
            #expect(server.requests[1].headers["authorization"] == "Basic dTpw")
        }

        @Test func anIdentityTokenIsExchangedInAForm() async throws {
            let server = try registry()
            let environment = try authorization(server, #""identitytoken":"a b&c""#)
            _ = try await RegistryClient.of(server, environment: environment).resolve()
            let request = server.requests[1]
            #expect(request.method == "POST" && request.target == "/token")
            #expect(
                request.body.hasSuffix(
                    "grant_type=refresh_token&client_id=cross&refresh_token=a%20b%26c"
                )
            )
        }

        @Test func basicIsAnsweredWithThePassword() async throws {
            let image = image
            let server = try ScriptedServer { request in
                request.headers["authorization"] == "Basic dTpw"
                    ? image.answer(request)
                    : Reply(401, headers: ["WWW-Authenticate": "Basic realm=\"r\""])
            }
            let environment = try authorization(server, #""auth":"dTpw""#)
            _ = try await RegistryClient.of(server, environment: environment).resolve()
        }

        @Test func aWrongPasswordIsDeniedOnceAndNotShown() async throws {
            let server = try ScriptedServer { _ in
                Reply(401, headers: ["WWW-Authenticate": "Basic realm=\"r\""])
            }
            let environment = try authorization(server, #""auth":"dTpjYW5hcnk=""#)
            let error = await failure(server, environment)
            guard case .denied(.manifest, _, offered: .file) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(server.requests.count == 2)
            #expect(!"\(String(describing: error))".contains("canary"))
        }

        @Test func withoutCredentialsBasicIsDenied() async throws {
            let server = try ScriptedServer { _ in
                Reply(401, headers: ["WWW-Authenticate": "Basic realm=\"r\""])
            }
            guard case .denied(_, _, offered: nil) = await failure(server, [:]) else {
                Issue.record("not denied")
                return
            }
        }

        @Test func aTokenServerElsewhereGetsNoCredentials() async throws {
            let server = try registry(challenge: #"Bearer realm="https://other.invalid/token""#)
            let environment = try authorization(server, #""auth":"dTpw""#)
            guard case .unreachable(host: "other.invalid", _) = await failure(server, environment)
            else {
                Issue.record("not asked")
                return
            }
        }

        @Test(arguments: [
            Reply(302, headers: ["Location": "http://169.254.169.254/"]),
            Reply(body: Array(#"{"token":""}"#.utf8)), Reply(body: Array("<html>".utf8)),
            Reply(body: [UInt8](repeating: UInt8(ascii: " "), count: 65_537)),
            Reply(body: Array(#"{"token":"a\r\nb"}"#.utf8)), Reply(403),
        ])
        func aTokenServerThatGivesNoneIsAnError(_ token: Reply) async throws {
            let server = try registry(token: token)
            switch await failure(server, [:]) {
            case .tokenMalformed, .denied(.token, _, _), .status(302, .token, _, _): break
            case let error: Issue.record("\(String(describing: error))")
            }
            #expect(server.requests.count == 2)
        }

        @Test func aTokenThatIsNotTakenIsNotAskedForTwice() async throws {
            let server = try registry(token: Reply(body: Array(#"{"token":"bad"}"#.utf8)))
            guard case .denied(.manifest, _, _) = await failure(server, [:]) else {
                Issue.record("not denied")
                return
            }
            #expect(server.requests.count == 3)
        }

        @Test func anUnknownSchemeIsAnError() async throws {
            let server = try registry(challenge: "Negotiate")
            let error = await failure(server, [:])
            #expect(error == .unsupportedAuthentication(host: "127.0.0.1:\(server.port)"))
        }

        private func authorization(
            _ server: ScriptedServer,
            _ entry: String
        ) throws -> [String: String] {
            let path = try directory.write(
                "auth.json",
                #"{"auths":{"127.0.0.1:\#(server.port)":{\#(entry)}}}"#
            )
            return ["REGISTRY_AUTH_FILE": path.string]
        }

        private func failure(
            _ server: ScriptedServer,
            _ environment: [String: String]
        ) async -> RegistryError? {
            await #expect(throws: RegistryError.self) {
                try await RegistryClient.of(server, environment: environment).resolve()
            }
        }
    }
}
