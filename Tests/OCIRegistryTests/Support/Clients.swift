// SPDX-License-Identifier: MIT OR Apache-2.0

import Download
import OCIStore
import ServerTestSupport
import Synchronization
import Testing

@testable import OCIRegistry

/// What a client said, as it said it.
final class Notices: Sendable {
    private let list = Mutex<[RegistryNotice]>([])

    var all: [RegistryNotice] { list.withLock { $0 } }

    func note(_ notice: RegistryNotice) {
        list.withLock { $0.append(notice) }
    }
}

extension RegistryClient {
    /// A client of a scripted server, which it keeps running, with the patience of a test.
    static func of(
        _ server: ScriptedServer,
        _ suffix: String = ":latest",
        environment: [String: String] = [:],
        attempts: Int = 5,
        notices: Notices = Notices()
    ) throws -> RegistryClient {
        try RegistryClient(
            for: ImageReference("127.0.0.1:\(server.port)/test/image\(suffix)"),
            configuration: .init(
                environment: environment,
                stall: 2,
                retries: RetryPolicy(
                    attempts: attempts,
                    firstPause: .milliseconds(5),
                    longestPause: .milliseconds(20)
                ),
                notice: { notice in withExtendedLifetime(server) { notices.note(notice) } }
            )
        )
    }

    func resolve() async throws(RegistryError) -> ResolvedImage {
        try await resolve(platform: ImageFixture.platform)
    }
}

/// Why nothing is resolved at a registry that answers so.
func refusal(
    _ answer: @escaping @Sendable (ReceivedRequest) -> Reply
) async -> RegistryError? {
    await #expect(throws: RegistryError.self) {
        try await RegistryClient.of(try ScriptedServer(answer)).resolve()
    }
}

extension ImageFixture {
    /// Why nothing is resolved where the tag leads to this document.
    func refusal(of document: [UInt8], type: String) async -> RegistryError? {
        await OCIRegistryTests.refusal { answer($0, manifest: document, type: type) }
    }
}
