// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import OCIStore
import ServerTestSupport
import SystemPackage
import Testing

@testable import OCIRegistry

extension RegistrySuites {
    @Suite struct RealRegistryTests {
        let registry: RealRegistry
        let image = ImageFixture(layerSizes: [3_000_000, 1000])

        init() throws {
            registry = try RealRegistry()
            try registry.push(image, as: "team/image:1")
        }

        @Test(arguments: ["oci", "v2s2"])
        func anImageThatSkopeoPushedIsPulled(_ format: String) async throws {
            try registry.push(image, as: "team/image:\(format)", format: format)
            let client = try client("team/image:\(format)", registry.environment)
            let resolved = try await client.resolve()
            #expect(resolved.diffIDs == image.layers.map(Digest.of))
            for layer in resolved.layers {
                let file = registry.directory.path.appending(layer.digest.hex)
                try await client.fetch(layer, into: file)
                #expect(Digest.of(try registry.directory.read(file)) == layer.digest)
            }
        }

        @Test func layersAreAskedForInHTTP1() async throws {
            let client = try client("team/image:1", registry.environment)
            for layer in try await client.resolve().layers {
                try await client.fetch(
                    layer,
                    into: registry.directory.path.appending(layer.digest.hex)
                )
                // With HTTP/2 all of them would share a connection.
                let answers = try registry.answers(for: layer.digest)
                #expect(answers.count == 1)
                #expect(answers.allSatisfy { $0.contains(" HTTP/1.1\" 200 ") })
            }
        }

        @Test func theAuthorityMayBeInCertsDirectory() async throws {
            let home = registry.directory.path.appending("home")
            try registry.directory.write(
                "home/.config/containers/certs.d/\(registry.host)/any.crt",
                try registry.directory.read(registry.authority)
            )
            let environment = [
                "HOME": home.string, "REGISTRY_AUTH_FILE": registry.credentials.string,
            ]
            _ = try await client("team/image:1", environment).resolve()
        }

        @Test func anUnknownAuthorityIsRefusedAndNothingGoesInTheClear() async throws {
            let client = try client(
                "team/image:1",
                ["REGISTRY_AUTH_FILE": registry.credentials.string]
            )
            let error = await #expect(throws: RegistryError.self) { try await client.resolve() }
            guard case .unreachable = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }

        @Test func aCertificateForAnotherHostIsRefused() async throws {
            let client = try RegistryClient(
                for: ImageReference("127.0.0.2:\(registry.port)/team/image:1"),
                configuration: .init(environment: registry.environment, stall: 2)
            )
            let error = await #expect(throws: RegistryError.self) { try await client.resolve() }
            guard case .unreachable = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }

        /// What `openssl s_server` offers, which is not to be accepted.
        @Test(arguments: ["-tls1", "-tls1_1", "-expired"])
        func oldTLSAndExpiredCertificatesAreRefused(_ offer: String) async throws {
            let directory = registry.directory
            let isExpired = offer == "-expired"
            let certificate = isExpired ? try registry.makeExpiredCertificate() : "server.crt"
            let port = try freePort()
            let server = try Command(
                arguments: [
                    "openssl", "s_server", "-quiet", "-www", "-accept", "127.0.0.1:\(port)",
                    "-cert", directory.path.appending(certificate).string,
                    "-key", directory.path.appending("server.key").string,
                    "-cipher", "ALL:@SECLEVEL=0",
                ] + (isExpired ? [] : [offer])
            ).start(in: directory)
            defer {
                // A signal that can be blocked is: the threads of tests pass that on.
                kill(server.process.processIdentifier, SIGKILL)
                server.process.waitUntilExit()
            }
            try waitUntilListening(port)
            let client = try RegistryClient(
                for: ImageReference("localhost:\(port)/team/image:1"),
                configuration: .init(environment: registry.environment, stall: 2)
            )
            let error = await #expect(throws: RegistryError.self) { try await client.resolve() }
            guard case .unreachable(_, let reason) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reason.contains(isExpired ? "certificate has expired" : "protocol version"))
        }

        @Test func aWrongPasswordIsDenied() async throws {
            let directory = try TemporaryDirectory()
            let path = try RealRegistry.write(user: "user:wrong", for: registry.host, to: directory)
            let client = try client(
                "team/image:1",
                ["SSL_CERT_FILE": registry.authority.string, "REGISTRY_AUTH_FILE": path.string]
            )
            let error = await #expect(throws: RegistryError.self) { try await client.resolve() }
            guard case .denied(_, _, offered: .file(path)) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }

        @Test func aMissingTagIsMissing() async throws {
            let client = try client("team/image:none", registry.environment)
            let error = await #expect(throws: RegistryError.self) { try await client.resolve() }
            guard case .missing = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }

        @Test func aMissingCertificateFileIsNamed() throws {
            #expect(
                throws: RegistryError.certificatesUnreadable("/nowhere", .noSuchFileOrDirectory)
            ) {
                _ = try client("team/image:1", ["SSL_CERT_FILE": "/nowhere"])
            }
        }

        private func client(
            _ name: String,
            _ environment: [String: String]
        ) throws -> RegistryClient {
            try RegistryClient(
                for: ImageReference("\(registry.host)/\(name)"),
                configuration: .init(environment: environment, stall: 5)
            )
        }
    }
}
