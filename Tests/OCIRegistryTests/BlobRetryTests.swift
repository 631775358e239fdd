// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import ServerTestSupport
import Synchronization
import Testing

@testable import OCIRegistry

extension RegistrySuites {
    /// What is tried again, how often, and what is not.
    @Suite struct BlobRetryTests {
        let ground: BlobGround

        init() throws { ground = try BlobGround() }

        @Test(arguments: [408, 429, 500, 502, 503, 504], ["1", "1000000000", "soon", nil])
        func whatMayPassIsTriedAgain(_ status: Int, _ retryAfter: String?) async throws {
            let image = ground.image
            let count = Mutex(0)
            let server = try ScriptedServer { request in
                let isFirst = count.withLock { count in
                    count += 1
                    return count <= 2
                }
                let headers = retryAfter.map { ["Retry-After": $0] } ?? [:]
                return isFirst ? Reply(status, headers: headers) : image.answer(request)
            }
            try await ground.fetch(from: server)
            #expect(server.requests.count == 3)
        }

        @Test func fiveFailuresAreEnough() async throws {
            let server = try ScriptedServer { _ in Reply(503) }
            #expect(
                await ground.failure(server)
                    == .status(
                        503,
                        .blob(ground.blob.digest),
                        host: "127.0.0.1:\(server.port)",
                        attempts: 5
                    )
            )
            #expect(server.requests.count == 5)
        }

        @Test(arguments: [400, 401, 403, 404, 405, 410])
        func whatLastsIsNotTriedAgain(_ status: Int) async throws {
            let server = try ScriptedServer { _ in Reply(status) }
            #expect(await ground.failure(server) != nil)
            #expect(server.requests.count == 1)
        }

        @Test func oneByteNowAndThenIsAStall() async throws {
            let server = try ScriptedServer { _ in
                var reply = Reply(ending: .trickle)
                reply.length = 100_000
                return reply
            }
            let error = await #expect(throws: RegistryError.self) {
                try await RegistryClient.of(server, attempts: 1)
                    .fetch(ground.blob, into: ground.file)
            }
            guard case .interrupted(.blob(ground.blob.digest), _, _, attempts: 1) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }
}
