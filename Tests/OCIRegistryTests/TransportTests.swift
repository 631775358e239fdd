// SPDX-License-Identifier: MIT OR Apache-2.0

import Download
import Foundation
import Glibc
import OCIStore
import ServerTestSupport
import Synchronization
import SystemPackage
import Testing

@testable import OCIRegistry

extension RegistrySuites {
    @Suite struct TransportTests {
        /// A body that takes its time, as a slow disk does, and watches the process's memory.
        private final class SlowBody: ResponseBody {
            struct Memory {
                var chunks = 0
                var least = Int.max
                var most = 0
            }

            let memory = Mutex(Memory())

            func begin(_ head: ResponseHead) -> Bool { true }

            func append(_ chunk: Data) -> Bool {
                usleep(5000)
                let resident = residentBytes()
                return memory.withLock { memory in
                    memory.chunks += 1
                    memory.least = min(memory.least, resident)
                    memory.most = max(memory.most, resident)
                    return memory.chunks < 200
                }
            }
        }

        @Test func aSlowDiskSlowsTheServerAndFillsNoMemory() async throws {
            let server = try ScriptedServer { _ in
                var reply = Reply(ending: .endless)
                reply.length = nil
                return reply
            }
            let body = SlowBody()
            let transport = Transport(certificates: nil, directHosts: "127.0.0.1", stall: 5)
            let url = try #require(URL(string: "http://127.0.0.1:\(server.port)/"))
            _ = try await transport.send(Request(url: url), body: body)
            let memory = body.memory.withLock { $0 }
            // In that second the server could have sent a thousand times as much.
            #expect(memory.most - memory.least < 32 << 20)
        }

        @Test func aNameThatLeadsInwardIsRefusedWhereItMustNot() async throws {
            let server = try ScriptedServer { _ in Reply(body: [1]) }
            let transport = Transport(certificates: nil, directHosts: "127.0.0.1", stall: 5)
            let url = try #require(URL(string: "http://localhost:\(server.port)/"))
            let body = MemoryBody(limit: 10)
            var request = Request(url: url)
            request.origin = "registry.example"
            await #expect(throws: AttemptFailure<DownloadError>.self) {
                do throws(AttemptFailure<DownloadError>) {
                    _ = try await transport.answer(to: request, body: body)
                } catch {
                    guard
                        case .lasting(
                            .redirectRefused(host: "registry.example", _, .inward)
                        ) = error
                    else {
                        Issue.record("\(error)")
                        return
                    }
                    throw error
                }
            }
            #expect(server.requests.isEmpty)
            // Who is asked for nothing of the kind may be anywhere.
            request.origin = nil
            #expect(try await transport.answer(to: request, body: body).status == 200)
            // Where this host itself is inside, so may others be.
            let next = try Redirect.next(
                after: request,
                location: "http://127.0.0.1:1/",
                policy: .secret
            )
            #expect(next.origin == nil)
        }

        @Test(arguments: [Reply.Ending.stall, .endless])
        func aCancelledTaskEndsAtOnce(_ ending: Reply.Ending) async throws {
            let image = ImageFixture()
            let directory = try TemporaryDirectory()
            let server = try ScriptedServer { _ in
                var reply = Reply(ending: ending)
                reply.length = 1 << 40
                return reply
            }
            let client = try RegistryClient.of(server)
            let blob = Descriptor(
                mediaType: "",
                digest: image.descriptors[0].digest,
                size: 1 << 40
            )
            let task = Task { () -> RegistryError? in
                do throws(RegistryError) {
                    try await client.fetch(blob, into: directory.path.appending("blob"))
                    return nil
                } catch {
                    return error
                }
            }
            try await Task.sleep(for: .milliseconds(300))
            let start = ContinuousClock.now
            task.cancel()
            #expect(await task.value == .cancelled)
            #expect(ContinuousClock.now - start < .seconds(1))
        }
    }
}

/// The second field of /proc/self/statm, proc(5).
private func residentBytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0) * 4096
}
