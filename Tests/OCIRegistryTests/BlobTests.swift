// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import ServerTestSupport
import Synchronization
import SystemPackage
import Testing

@testable import OCIRegistry

extension RegistrySuites {
    /// A blob on its way into a file, which may hold some of it.
    @Suite struct BlobTests {
        let ground: BlobGround

        init() throws { ground = try BlobGround() }

        @Test func aBlobArrivesWhole() async throws {
            let image = ground.image
            let server = try ScriptedServer { image.answer($0) }
            let seen = Mutex<[Int64]>([])
            try await RegistryClient.of(server).fetch(ground.blob, into: ground.file) { count in
                seen.withLock { $0.append(count) }
            }
            #expect(try ground.fetched == ground.bytes)
            #expect(seen.withLock { $0.last } == ground.blob.size)
            #expect(server.requests.count == 1)
        }

        @Test(arguments: 1...9, [Reply.Ending.reset, .close, .stall])
        func aBrokenConnectionGoesOnWhereItBroke(_ tenth: Int, _ ending: Reply.Ending) async throws
        {
            // A stall takes its time; once is enough.
            guard ending != .stall || tenth == 5 else { return }
            let image = ground.image
            let count = ground.bytes.count * tenth / 10
            let server = try ScriptedServer { request in
                request.offset > 0
                    ? image.answer(request) : image.answer(request).cut(at: count, ending)
            }
            try await ground.fetch(from: server)
            #expect(try ground.fetched == ground.bytes)
            #expect(server.requests.count == 2)
            #expect(server.requests[1].offset > 0)
        }

        @Test func chunksThatAreCutAreGoneOnWith() async throws {
            let image = ground.image
            let server = try ScriptedServer { request in
                guard request.offset == 0 else { return image.answer(request) }
                let half = Array(image.layers[0].prefix(50_000))
                let head = Array("\(String(half.count * 2, radix: 16))\r\n".utf8)
                var reply = Reply(headers: ["Transfer-Encoding": "chunked"], body: head + half)
                reply.length = nil
                return reply
            }
            try await ground.fetch(from: server)
            #expect(try ground.fetched == ground.bytes)
            #expect(server.requests.count == 2)
        }

        @Test func aPartialFileOfAnotherProcessIsGoneOnWith() async throws {
            let image = ground.image
            let server = try ScriptedServer { image.answer($0) }
            try ground.directory.write("blob", Array(ground.bytes.prefix(60_000)))
            try await ground.fetch(from: server)
            #expect(try ground.fetched == ground.bytes)
            #expect(server.requests.map(\.offset) == [60_000])
        }

        @Test func aWholeFileIsNotFetchedAgain() async throws {
            let image = ground.image
            let server = try ScriptedServer { image.answer($0) }
            try ground.directory.write("blob", ground.bytes)
            try await ground.fetch(from: server)
            #expect(server.requests.isEmpty)
        }

        @Test(arguments: [60_000, 100_000, 100_001])
        func aPartialFileWithOtherBytesIsBegunAnew(_ count: Int) async throws {
            let image = ground.image
            let server = try ScriptedServer { image.answer($0) }
            try ground.directory.write("blob", [UInt8](repeating: 7, count: count))
            try await ground.fetch(from: server)
            #expect(try ground.fetched == ground.bytes)
        }

        /// What servers do with `Range` instead of what was asked.
        @Test(arguments: ["ignored", "other part", "other total", "no header", "416"])
        func aRangeThatIsNotHonouredBeginsAnew(_ manner: String) async throws {
            let image = ground.image
            let bytes = ground.bytes
            let server = try ScriptedServer { request in
                guard request.offset > 0, manner != "ignored" else { return Reply(body: bytes) }
                var reply = image.answer(request)
                switch manner {
                case "other part": reply.headers["Content-Range"] = "bytes 5-99999/100000"
                case "other total": reply.headers["Content-Range"] = "bytes 60000-99999/200000"
                case "416": reply = Reply(416)
                default: reply.headers = [:]
                }
                return reply
            }
            try ground.directory.write("blob", Array(bytes.prefix(60_000)))
            try await ground.fetch(from: server)
            #expect(try ground.fetched == ground.bytes)
            #expect(server.requests.count == (manner == "ignored" ? 1 : 2))
        }

        @Test func aFullDiskIsAnErrorOfTheFile() async throws {
            let image = ground.image
            let server = try ScriptedServer { image.answer($0) }
            let error = await #expect(throws: RegistryError.self) {
                try await RegistryClient.of(server).fetch(ground.blob, into: "/dev/full")
            }
            guard case .file("/dev/full", _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }
}
