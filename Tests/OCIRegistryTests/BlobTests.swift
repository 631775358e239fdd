// SPDX-License-Identifier: MIT OR Apache-2.0

import Download
import OCIStore
import ServerTestSupport
import Synchronization
import SystemPackage
import Testing

@testable import OCIRegistry

extension RegistrySuites {
    @Suite struct BlobTests {
        let image = ImageFixture(layerSizes: [100_000])
        let directory: TemporaryDirectory
        let file: FilePath

        init() throws {
            directory = try TemporaryDirectory()
            file = directory.path.appending("blob")
        }

        private var bytes: [UInt8] { image.layers[0] }
        private var blob: Descriptor { image.descriptors[0] }

        @Test func aBlobArrivesWhole() async throws {
            let image = image
            let server = try ScriptedServer { image.answer($0) }
            let seen = Mutex<[Int64]>([])
            try await RegistryClient.of(server).fetch(blob, into: file) { count in
                seen.withLock { $0.append(count) }
            }
            #expect(try directory.read(file) == bytes)
            #expect(seen.withLock { $0.last } == blob.size)
            #expect(server.requests.count == 1)
        }

        @Test(arguments: 1...9, [Reply.Ending.reset, .close, .stall])
        func aBrokenConnectionGoesOnWhereItBroke(_ tenth: Int, _ ending: Reply.Ending) async throws
        {
            // A stall takes its time; once is enough.
            guard ending != .stall || tenth == 5 else { return }
            let image = image
            let count = bytes.count * tenth / 10
            let server = try ScriptedServer { request in
                request.offset > 0
                    ? image.answer(request) : image.answer(request).cut(at: count, ending)
            }
            try await RegistryClient.of(server).fetch(blob, into: file)
            #expect(try directory.read(file) == bytes)
            #expect(server.requests.count == 2)
            #expect(server.requests[1].offset > 0)
        }

        @Test func aPartialFileOfAnotherProcessIsGoneOnWith() async throws {
            let image = image
            let server = try ScriptedServer { image.answer($0) }
            try directory.write("blob", Array(bytes.prefix(60_000)))
            try await RegistryClient.of(server).fetch(blob, into: file)
            #expect(try directory.read(file) == bytes)
            #expect(server.requests.map(\.offset) == [60_000])
        }

        @Test func aWholeFileIsNotFetchedAgain() async throws {
            let image = image
            let server = try ScriptedServer { image.answer($0) }
            try directory.write("blob", bytes)
            try await RegistryClient.of(server).fetch(blob, into: file)
            #expect(server.requests.isEmpty)
        }

        @Test(arguments: [60_000, 100_000, 100_001])
        func aPartialFileWithOtherBytesIsBegunAnew(_ count: Int) async throws {
            let image = image
            let server = try ScriptedServer { image.answer($0) }
            try directory.write("blob", [UInt8](repeating: 7, count: count))
            try await RegistryClient.of(server).fetch(blob, into: file)
            #expect(try directory.read(file) == bytes)
        }

        /// What servers do with `Range` instead of what was asked.
        @Test(arguments: ["ignored", "other part", "other total", "no header", "416"])
        func aRangeThatIsNotHonouredBeginsAnew(_ manner: String) async throws {
            let image = image
            let bytes = bytes
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
            try directory.write("blob", Array(bytes.prefix(60_000)))
            try await RegistryClient.of(server).fetch(blob, into: file)
            #expect(try directory.read(file) == bytes)
            #expect(server.requests.count == (manner == "ignored" ? 1 : 2))
        }

        @Test func otherBytesAreRefusedAndNotKept() async throws {
            let other = ImageFixture.noise(bytes.count, seed: 99)
            let server = try ScriptedServer { _ in Reply(body: other) }
            let error = await failure(server)
            #expect(
                error
                    == .digestMismatch(
                        .blob(blob.digest),
                        expected: blob.digest,
                        actual: .of(other)
                    )
            )
            #expect(try directory.read(file).isEmpty)
        }

        @Test(arguments: [99_999, 100_001])
        func anotherLengthIsRefused(_ count: Int) async throws {
            let bytes = bytes + [0]
            let server = try ScriptedServer { _ in Reply(body: Array(bytes.prefix(count))) }
            #expect(
                await failure(server)
                    == .sizeMismatch(
                        .blob(blob.digest),
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
                await failure(server)
                    == .sizeMismatch(.blob(blob.digest), expected: 100_000, actual: 100_001)
            )
        }

        @Test func anEncodedBodyIsRefused() async throws {
            let image = image
            let server = try ScriptedServer { request in
                var reply = image.answer(request)
                reply.headers["Content-Encoding"] = "gzip"
                return reply
            }
            #expect(await failure(server) == .encoded(.blob(blob.digest), "gzip"))
        }

        @Test(arguments: [408, 429, 500, 502, 503, 504], ["1", "1000000000", "soon", nil])
        func whatMayPassIsTriedAgain(_ status: Int, _ retryAfter: String?) async throws {
            let image = image
            let count = Mutex(0)
            let server = try ScriptedServer { request in
                let isFirst = count.withLock { count in
                    count += 1
                    return count <= 2
                }
                let headers = retryAfter.map { ["Retry-After": $0] } ?? [:]
                return isFirst ? Reply(status, headers: headers) : image.answer(request)
            }
            try await RegistryClient.of(server).fetch(blob, into: file)
            #expect(server.requests.count == 3)
        }

        @Test func fiveFailuresAreEnough() async throws {
            let server = try ScriptedServer { _ in Reply(503) }
            #expect(
                await failure(server)
                    == .status(
                        503,
                        .blob(blob.digest),
                        host: "127.0.0.1:\(server.port)",
                        attempts: 5
                    )
            )
            #expect(server.requests.count == 5)
        }

        @Test(arguments: [400, 401, 403, 404, 405, 410])
        func whatLastsIsNotTriedAgain(_ status: Int) async throws {
            let server = try ScriptedServer { _ in Reply(status) }
            #expect(await failure(server) != nil)
            #expect(server.requests.count == 1)
        }

        @Test func aFullDiskIsAnErrorOfTheFile() async throws {
            let image = image
            let server = try ScriptedServer { image.answer($0) }
            let error = await #expect(throws: RegistryError.self) {
                try await RegistryClient.of(server).fetch(blob, into: "/dev/full")
            }
            guard case .file("/dev/full", _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }

        @Test func aRedirectIsFollowedWithoutTheCredentials() async throws {
            let image = image
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
            let auth = try directory.write(
                "auth.json",
                #"{"auths":{"127.0.0.1:\#(server.port)":{"auth":"dTpw"}}}"#
            )
            try directory.write("blob", Array(bytes.prefix(60_000)))
            try await RegistryClient.of(server, environment: ["REGISTRY_AUTH_FILE": auth.string])
                .fetch(blob, into: file)
            #expect(try directory.read(file) == bytes)
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
            let auth = try directory.write(
                "auth.json",
                #"{"auths":{"127.0.0.1:\#(server.port)":{"auth":"dTpw"}}}"#
            )
            let error = await #expect(throws: RegistryError.self) {
                try await RegistryClient.of(
                    server,
                    environment: ["REGISTRY_AUTH_FILE": auth.string]
                )
                .fetch(blob, into: file)
            }
            #expect(
                error == .status(401, .blob(blob.digest), host: "127.0.0.1:\(port)", attempts: 1)
            )
            #expect(elsewhere.requests.allSatisfy { $0.headers["authorization"] == nil })
        }

        @Test func oneByteNowAndThenIsAStall() async throws {
            let server = try ScriptedServer { _ in
                var reply = Reply(ending: .trickle)
                reply.length = 100_000
                return reply
            }
            let error = await #expect(throws: RegistryError.self) {
                try await RegistryClient.of(server, attempts: 1).fetch(blob, into: file)
            }
            guard case .interrupted(.blob(blob.digest), _, _, attempts: 1) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }

        @Test func chunksThatAreCutAreGoneOnWith() async throws {
            let image = image
            let server = try ScriptedServer { request in
                guard request.offset == 0 else { return image.answer(request) }
                let half = Array(image.layers[0].prefix(50_000))
                let head = Array("\(String(half.count * 2, radix: 16))\r\n".utf8)
                var reply = Reply(headers: ["Transfer-Encoding": "chunked"], body: head + half)
                reply.length = nil
                return reply
            }
            try await RegistryClient.of(server).fetch(blob, into: file)
            #expect(try directory.read(file) == bytes)
            #expect(server.requests.count == 2)
        }

        @Test(arguments: [(1, 5 << 20), (10_000, 300), (10_000, 5), (100, 2000)])
        func aFloodOfHeadersIsRefused(_ count: Int, _ size: Int) async throws {
            let image = image
            let server = try ScriptedServer { request in
                var reply = image.answer(request)
                for index in 0..<count {
                    reply.headers["X-\(index)"] = String(repeating: "x", count: size)
                }
                return reply
            }
            switch await failure(server) {
            case .headersTooLarge(.blob(blob.digest), _, limit: 128 << 10): break
            // libcurl has a limit of its own, and says no more than this.
            case .unreachable, .interrupted: break
            case let error: Issue.record("\(String(describing: error))")
            }
            #expect(!exists(file))
        }

        @Test func redirectsEndAfterTen() async throws {
            let server = try ScriptedServer { _ in Reply(302, headers: ["Location": "/again"]) }
            guard case .redirectRefused(_, _, _, .tooMany) = await failure(server) else {
                Issue.record("no refusal")
                return
            }
            #expect(server.requests.count == 11)
        }

        private func exists(_ file: FilePath) -> Bool {
            (try? directory.read(file)).map { !$0.isEmpty } ?? false
        }

        private func failure(_ server: ScriptedServer) async -> RegistryError? {
            await #expect(throws: RegistryError.self) {
                try await RegistryClient.of(server).fetch(blob, into: file)
            }
        }
    }
}
