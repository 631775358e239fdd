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
        let registry: RealRegistry
        let directory: TemporaryDirectory
        let reference: String

        init() throws {
            registry = try RealRegistry()
            directory = try TemporaryDirectory()
            reference = "\(registry.host)/team/image:1"
            try registry.push(try Self.image(in: directory), as: "team/image:1")
        }

        @Test func anImageBecomesARootFileSystem() throws {
            let result = try fetch().check(in: directory)
            #expect(result.output.isEmpty)
            #expect(result.errors.contains("Pulling \(reference) (linux/amd64)"))
            #expect(result.errors.contains("Finished pull in "))
            try expectWhole()
            // The store has everything: only the manifest and the configuration are asked for.
            let again = try fetch().check(in: directory)
            #expect(again.errors.contains("nothing to fetch"))
        }

        @Test func twoAtOnceDownloadEachBlobOnce() throws {
            let running = try (0..<4).map { _ in try fetch().start(in: directory) }
            for process in running { #expect(try process.wait().status == 0) }
            try expectWhole()
            for layer in try layers() { #expect(try registry.requests(for: layer) == 1) }
        }

        @Test func aPullKilledAtAnyMomentIsGoneOnWith() throws {
            for moment in 0..<20 {
                let running = try fetch().start(in: directory)
                usleep(UInt32(moment * 15_000))
                kill(running.process.processIdentifier, moment % 2 == 0 ? SIGKILL : SIGINT)
                _ = try running.wait()
                try fetch().check(in: directory)
                try expectWhole()
                try FileManager.default.removeItem(atPath: store.string)
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
            let command = fetch()
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
            for layer in try layers() {
                let size = Int64(try directory.read(registry.file(of: layer)).count)
                #expect(blobs[layer.hex[...]] == size)
                #expect(try registry.requests(for: layer) == 1)
            }
        }

        @Test func aTraceHasATimeLineOfAllOfIt() throws {
            let trace = directory.path.appending("trace.json")
            var command = fetch()
            command.environment["CROSS_TRACE"] = trace.string
            _ = try command.check(in: directory)
            let once = try events(trace)
            let names = once.map(\.name)
            #expect(names.contains("resolve \(reference)"))
            #expect(names.contains("make the root filesystem"))
            for layer in try layers() {
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
            let running = try fetch().start(in: directory)
            usleep(50_000)
            kill(running.process.processIdentifier, SIGINT)
            let result = try running.wait()
            #expect(result.signal == SIGINT || result.status == 0)
        }

        @Test func changedBytesPublishNothing() throws {
            let layer = try #require(try layers().first)
            let file = registry.file(of: layer)
            var bytes = try directory.read(file)
            bytes[bytes.count / 2] ^= 1
            try Data(bytes).write(to: URL(filePath: file.string))
            let result = try fetch().run(in: directory)
            #expect(result.status == 125)
            #expect(result.errors.contains("error: layer \(layer): the digest of what came is"))
            try expectNothing()
        }

        @Test func aTruncatedLayerPublishesNothing() throws {
            let layer = try #require(try layers().first)
            let file = registry.file(of: layer)
            try Data(try directory.read(file).dropLast(10)).write(to: URL(filePath: file.string))
            let result = try fetch().run(in: directory)
            #expect(result.status == 125)
            #expect(result.errors.contains("bytes were announced, but"))
            try expectNothing()
        }

        /// What cannot be had is named once, and the next run goes on from there.
        @Test(arguments: [
            ("size=9m,nr_inodes=10000", ":", ["No space left on device", "hint: make room"]),
            ("size=1g,nr_inodes=30", ":", ["No space left on device", "hint: make room"]),
            ("size=1g,nr_inodes=10000", "ulimit -f 1000", ["File too large", "hint: let it"]),
            ("size=1g,nr_inodes=10000", "ulimit -n 20", []),
        ])
        func aLimitIsOneErrorAndTheNextRunGoesOn(
            _ disk: String,
            _ limit: String,
            _ words: [String]
        ) throws {
            try FileManager.default.createDirectory(
                atPath: place.string,
                withIntermediateDirectories: false
            )
            let script = """
                mount -t tmpfs -o \(disk) tmpfs '\(place)'
                (\(limit) && exec "$@")
                status=$?
                mount -o remount,size=1g,nr_inodes=10000 '\(place)' && "$@" || exit 1
                exit $status
                """
            let command = fetch("--quiet", store: place.appending("store"))
            let result = try Command(
                arguments: [
                    "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh",
                ] + command.arguments,
                environment: command.environment
            ).run(in: directory)
            #expect(result.status == 125, "\(result)")
            #expect(result.errors.components(separatedBy: "error:").count == 2)
            for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
        }

        /// None of these is a reason to fail; together, as they are harmless each.
        @Test func hardCircumstancesMakeNoDifference() throws {
            let gone = directory.path.appending("gone")
            let circumstances = """
                ulimit -v 524288; ulimit -s 256; umask 777; unset HOME
                mkdir -m 700 '\(gone)'; cd '\(gone)'; rmdir '\(gone)'
                export TERM=evil LC_ALL=POSIX TMPDIR=/nonexistent
                exec "$@" <&- >&- 2>&-
                """
            var command = fetch()
            command = Command(
                arguments: ["sh", "-c", circumstances, "sh"] + command.arguments,
                environment: command.environment
            )
            try command.check(in: directory)
            try expectWhole()
        }

        /// Whoever waits for a process that does not go on says for whom, and can be stopped.
        @Test func whoWaitsForAStoppedProcessSaysSoAndCanBeInterrupted() throws {
            let layer = try #require(try layers().first)
            let stopped = try Command(
                "sh",
                "-c",
                """
                mkdir -p -m 700 "$1/locks" && exec 9>>"$1/locks/blob-$2" && flock 9 &&
                    echo "$$ stopped" >&9 && echo locked && kill -STOP $$
                """,
                "sh",
                store.string,
                layer.hex
            ).start(in: directory)
            defer {
                kill(stopped.process.processIdentifier, SIGKILL)
                stopped.process.waitUntilExit()
            }
            try waitUntil(stopped.output, contains: "locked")
            let waiting = try fetch().start(in: directory)
            let pid = stopped.process.processIdentifier
            try waitUntil(waiting.errors, contains: "waiting for stopped (pid \(pid))")
            kill(waiting.process.processIdentifier, SIGINT)
            #expect(try waiting.wait().signal == SIGINT)
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
            var command = fetch()
            command.environment.merge(proxies) { $1 }
            try command.check(in: directory)
            #expect(proxy.requests.isEmpty)
            var other = Command(
                crossFetch,
                "image",
                "registry.invalid/x",
                "--store",
                store.string,
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
            var command = fetch("--verbose")
            command.environment["REGISTRY_AUTH_FILE"] = path.string
            let result = try command.run(in: directory)
            #expect(result.status == 125)
            #expect(!(result.output + result.errors).contains("canary"))
            #expect(!(result.output + result.errors).contains("dXNlcjpjYW5hcnk"))
        }

        private var store: FilePath { directory.path.appending("store") }
        private var place: FilePath { directory.path.appending("place") }

        private func waitUntil(_ file: FilePath, contains text: String) throws {
            for _ in 0..<1200 {
                let content = try String(contentsOfFile: file.string, encoding: .utf8)
                if content.contains(text) { return }
                usleep(25_000)
            }
            Issue.record("never said '\(text)'")
        }

        private func fetch(_ options: String..., store: FilePath? = nil) -> Command {
            Command(
                arguments: [
                    crossFetch, "image", reference, "--platform", "linux/amd64", "--store",
                    (store ?? self.store).string,
                ] + options,
                environment: registry.environment
            )
        }

        /// The digests of the layers as the registry has them.
        private func layers() throws -> [Digest] {
            let blobs = try FileManager.default.subpathsOfDirectory(
                atPath: registry.directory.path.appending("data/docker/registry/v2/blobs").string
            ).filter { $0.hasSuffix("/data") }
            return try blobs.map { try Digest("sha256:\($0.split(separator: "/")[2])") }.filter {
                // gzip's magic number: the rest is documents.
                try directory.read(registry.file(of: $0)).starts(with: [0x1F, 0x8B])
            }
        }

        private func expectWhole() throws {
            let store = try Store(at: store)
            let record = try store.image(
                ImageReference(reference),
                platform: Platform(os: "linux", architecture: "amd64")
            )
            guard let lease = try store.rootfs(try #require(record).chainID) else {
                Issue.record("no root file system")
                return
            }
            for index in 0..<4 {
                let file = lease.path.appending("layer\(index)/file")
                #expect(try directory.read(file) == Self.contents(index))
            }
        }

        private func expectNothing() throws {
            let store = try Store(at: store)
            let record = try store.image(
                ImageReference(reference),
                platform: Platform(os: "linux", architecture: "amd64")
            )
            #expect(record == nil)
            let roots = try FileManager.default.contentsOfDirectory(
                atPath: store.path.appending("rootfs").string
            )
            #expect(roots.isEmpty)
        }

        private static func contents(_ index: Int) -> [UInt8] {
            ImageFixture.noise(1_000_000 * (index + 1), seed: UInt64(index))
        }

        private static func image(in directory: TemporaryDirectory) throws -> ImageFixture {
            ImageFixture(
                layers: try (0..<4).map { index in
                    try directory.write("tree\(index)/layer\(index)/file", contents(index))
                    let archive = directory.path.appending("layer\(index).tar")
                    try Command(
                        "tar",
                        "--owner=0",
                        "--group=0",
                        "-C",
                        directory.path.appending("tree\(index)").string,
                        "-cf",
                        archive.string,
                        "."
                    ).check(in: directory)
                    return try directory.read(archive)
                }
            )
        }
    }
}
