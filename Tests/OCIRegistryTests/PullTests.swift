// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import OCIStore
import ServerTestSupport
import SystemPackage
import Testing

extension RegistrySuites {
    /// `cross-fetch` as a user runs it.
    @Suite struct PullTests {
        let ground: PullGround

        var registry: RealRegistry { ground.registry }
        var directory: TemporaryDirectory { ground.directory }

        init() throws {
            ground = try PullGround()
        }

        @Test func anImageBecomesARootFileSystem() throws {
            let result = try ground.fetch().check(in: directory)
            #expect(result.output.isEmpty)
            #expect(result.errors.contains("Pulling \(ground.reference) (linux/amd64)"))
            #expect(result.errors.contains("Finished pull in "))
            try ground.expectWhole()
            // The store has everything: only the manifest and the configuration are asked for.
            let again = try ground.fetch().check(in: directory)
            #expect(again.errors.contains("nothing to fetch"))
        }

        @Test func twoAtOnceDownloadEachBlobOnce() throws {
            let running = try (0..<4).map { _ in try ground.fetch().start(in: directory) }
            for process in running { #expect(try process.wait().status == 0) }
            try ground.expectWhole()
            for layer in try ground.layers() { #expect(try registry.requests(for: layer) == 1) }
        }

        @Test func aPullKilledAtAnyMomentIsGoneOnWith() throws {
            for moment in 0..<20 {
                let running = try ground.fetch().start(in: directory)
                usleep(UInt32(moment * 15_000))
                kill(running.process.processIdentifier, moment % 2 == 0 ? SIGKILL : SIGINT)
                _ = try running.wait()
                try ground.fetch().check(in: directory)
                try ground.expectWhole()
                try FileManager.default.removeItem(atPath: ground.store.string)
            }
        }

        /// Of the network, what the layers and a few documents have; of the disk, each layer once.
        @Test(.enabled(if: geteuid() == 0, "only root sees the files of a confined process"))
        func noByteIsReadTwice() throws {
            let traces = directory.path.appending("traces")
            try FileManager.default.createDirectory(
                atPath: traces.string,
                withIntermediateDirectories: true
            )
            let command = ground.fetch()
            // A file for each thread, so that every call is one line.
            let watch = [
                "strace", "-ff", "-y", "-e", "trace=read,pread64", "-o", "\(traces)/thread",
            ]
            _ = try Command(
                arguments: watch + command.arguments,
                environment: command.environment
            ).check(in: directory)
            var blobs: [Substring: Int64] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: traces.string) {
                let text = String(
                    decoding: try directory.read(traces.appending(name)),
                    as: UTF8.self
                )
                for line in text.split(separator: "\n") where line.contains("/tmp/downloads/") {
                    let blob = line.prefix { $0 != ">" }.suffix(64)
                    blobs[blob, default: 0] += Int64(line.split(separator: " ").last ?? "") ?? 0
                }
            }
            for layer in try ground.layers() {
                let size = Int64(try directory.read(registry.file(of: layer)).count)
                #expect(blobs[layer.hex[...]] == size)
                #expect(try registry.requests(for: layer) == 1)
            }
        }

        @Test func aTraceHasATimeLineOfAllOfIt() throws {
            let trace = directory.path.appending("trace.json")
            var command = ground.fetch()
            command.environment["CROSS_TRACE"] = trace.string
            _ = try command.check(in: directory)
            let once = try events(trace)
            let names = once.map(\.name)
            #expect(names.contains("resolve \(ground.reference)"))
            #expect(names.contains("make the root filesystem"))
            #expect(names.contains("merge the layers") && names.contains("link the tree"))
            // Beside the links and after them; and on the way, where a pull takes seconds.
            #expect(names.count { $0 == "synchronise" } >= 2)
            for layer in try ground.layers() {
                #expect(names.contains("fetch \(layer)"))
                #expect(names.contains("unpack \(layer)"))
            }
            // A second program goes on in the same file.
            _ = try command.check(in: directory)
            let twice = try events(trace)
            #expect(twice.count > once.count)
            #expect(Set(twice.map(\.pid)).count == 2)
        }

        private struct Event: Decodable {
            let name: String
            let ts: UInt64
            let dur: UInt64
            let pid: Int
        }

        private func events(_ trace: FilePath) throws -> [Event] {
            let text = String(decoding: try directory.read(trace), as: UTF8.self)
            let closed = text.dropLast(2) + "]"
            return try JSONDecoder().decode([Event].self, from: Data(closed.utf8))
        }

        @Test func interruptingEndsItBySignal() throws {
            let running = try ground.fetch().start(in: directory)
            usleep(50_000)
            kill(running.process.processIdentifier, SIGINT)
            let result = try running.wait()
            #expect(result.signal == SIGINT || result.status == 0)
        }

        @Test func changedBytesPublishNothing() throws {
            let layer = try #require(try ground.layers().first)
            let file = registry.file(of: layer)
            var bytes = try directory.read(file)
            bytes[bytes.count / 2] ^= 1
            try Data(bytes).write(to: URL(filePath: file.string))
            let result = try ground.fetch().run(in: directory)
            #expect(result.status == 125)
            #expect(result.errors.contains("error: layer \(layer): the digest of what came is"))
            try ground.expectNothing()
        }

        @Test func aTruncatedLayerPublishesNothing() throws {
            let layer = try #require(try ground.layers().first)
            let file = registry.file(of: layer)
            try Data(try directory.read(file).dropLast(10)).write(to: URL(filePath: file.string))
            let result = try ground.fetch().run(in: directory)
            #expect(result.status == 125)
            #expect(result.errors.contains("bytes were announced, but"))
            try ground.expectNothing()
        }

        @Test(arguments: [
            [], ["image"], ["image", "UPPER"], ["image", "x", "--platform", "linux"],
            ["pull", "x"],
            ["image", "x", "--color", "blue"], ["image", "--store"],
        ])
        func aUsageErrorIs125(_ arguments: [String]) throws {
            let result = try Command(arguments: [crossFetch] + arguments).run(in: directory)
            #expect(result.status == (arguments.isEmpty ? 0 : 125))
        }

        @Test func aProxyIsAskedForEveryHostButThisMachine() throws {
            let proxy = try ScriptedServer { _ in Reply(407) }
            let proxies = [
                "HTTPS_PROXY": "http://127.0.0.1:\(proxy.port)",
                "http_proxy": "http://127.0.0.1:\(proxy.port)",
            ]
            var command = ground.fetch()
            command.environment.merge(proxies) { $1 }
            try command.check(in: directory)
            #expect(proxy.requests.isEmpty)
            var other = Command(
                crossFetch,
                "image",
                "registry.invalid/x",
                "--store",
                ground.store.string,
                environment: proxies
            )
            #expect(try other.run(in: directory).status == 125)
            #expect(proxy.requests.map(\.target) == ["registry.invalid:443"])
            other.environment["NO_PROXY"] = "registry.invalid"
            #expect(try other.run(in: directory).status == 125)
            #expect(proxy.requests.count == 1)
        }

        @Test func secretsAreInNoOutput() throws {
            let path = try RealRegistry.write(
                user: "user:canary",
                for: registry.host,
                to: directory
            )
            var command = ground.fetch("--verbose")
            command.environment["REGISTRY_AUTH_FILE"] = path.string
            let result = try command.run(in: directory)
            #expect(result.status == 125)
            #expect(!(result.output + result.errors).contains("canary"))
            #expect(!(result.output + result.errors).contains("dXNlcjpjYW5hcnk"))
        }
    }
}
