// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import ServerTestSupport
import Testing

@testable import OCIRegistry

extension RegistrySuites {
    /// Bodies that are not what was announced.
    @Suite struct HostileBlobTests {
        let ground: BlobGround

        init() throws { ground = try BlobGround() }

        @Test func otherBytesAreRefusedAndNotKept() async throws {
            let other = noise(ground.bytes.count, seed: 99)
            let server = try ScriptedServer { _ in Reply(body: other) }
            let error = await ground.failure(server)
            #expect(
                error
                    == .digestMismatch(
                        .blob(ground.blob.digest),
                        expected: ground.blob.digest,
                        actual: .of(other)
                    )
            )
            #expect(try ground.fetched.isEmpty)
        }

        @Test(arguments: [99_999, 100_001])
        func anotherLengthIsRefused(_ count: Int) async throws {
            let bytes = ground.bytes + [0]
            let server = try ScriptedServer { _ in Reply(body: Array(bytes.prefix(count))) }
            #expect(
                await ground.failure(server)
                    == .sizeMismatch(
                        .blob(ground.blob.digest),
                        expected: 100_000,
                        actual: Int64(count)
                    )
            )
        }

        @Test func aNeverEndingBodyEndsAtOneByteTooMany() async throws {
            let server = try ScriptedServer { _ in
                var reply = Reply(ending: .endless)
                reply.length = nil
                return reply
            }
            #expect(
                await ground.failure(server)
                    == .sizeMismatch(.blob(ground.blob.digest), expected: 100_000, actual: 100_001)
            )
        }

        @Test func anEncodedBodyIsRefused() async throws {
            let image = ground.image
            let server = try ScriptedServer { request in
                var reply = image.answer(request)
                reply.headers["Content-Encoding"] = "gzip"
                return reply
            }
            #expect(await ground.failure(server) == .encoded(.blob(ground.blob.digest), "gzip"))
        }

        @Test(arguments: [(1, 5 << 20), (10_000, 300), (10_000, 5), (100, 2000)])
        func aFloodOfHeadersIsRefused(_ count: Int, _ size: Int) async throws {
            let image = ground.image
            let server = try ScriptedServer { request in
                var reply = image.answer(request)
                for index in 0..<count {
                    reply.headers["X-\(index)"] = String(repeating: "x", count: size)
                }
                return reply
            }
            switch await ground.failure(server) {
            case .headersTooLarge(.blob(ground.blob.digest), _, limit: 128 << 10): break
            // libcurl has a limit of its own, and says no more than this.
            case .unreachable, .interrupted: break
            case let error: Issue.record("\(String(describing: error))")
            }
            #expect(!ground.hasBytes)
        }
    }
}
