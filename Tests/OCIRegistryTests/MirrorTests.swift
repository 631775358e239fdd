// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import OCIStore
import ServerTestSupport
import SystemPackage
import Testing

extension RegistrySuites {
    /// The distribution's registry as a pull-through cache, in front of another one.
    @Suite struct MirrorTests {
        let registry: RealRegistry
        let directory: TemporaryDirectory
        let reference: String

        init() throws {
            // The distribution's registry can only be a cache of one that wants a token, or nothing.
            registry = try RealRegistry(isOpen: true)
            directory = try TemporaryDirectory()
            reference = "\(registry.host)/team/image:1"
            let archive = directory.path.appending("layer.tar")
            try directory.write("tree/file", "from upstream\n")
            try Command("tar", "-C", "\(directory.path)/tree", "-cf", archive.string, ".")
                .check(in: directory)
            try registry.push(
                ImageFixture(layers: [try directory.read(archive)]),
                as: "team/image:1"
            )
        }

        @Test func whatACacheHasIsThereWithoutTheRegistry() throws {
            let port = try freePort()
            let configuration = try directory.write(
                "config.yml",
                """
                version: 0.1
                log: {level: error}
                storage: {filesystem: {rootdirectory: "\(directory.path)/cache"}}
                http: {addr: "127.0.0.1:\(port)"}
                proxy: {remoteurl: "https://\(registry.host)"}
                """
            )
            let cache = try Command(
                "docker-registry",
                "serve",
                configuration.string,
                environment: ["SSL_CERT_FILE": registry.authority.string]
            ).start(in: directory).process
            defer {
                kill(cache.processIdentifier, SIGKILL)
                cache.waitUntilExit()
            }
            try waitUntilListening(port)
            try check(pull("one", through: "127.0.0.1:\(port)"), "one")
            #expect(try names("cache/docker/registry/v2/repositories/team") == ["image"])
            registry.stop()
            try check(pull("two", through: "127.0.0.1:\(port)"), "two")
            #expect(try pull("three", through: nil).run(in: directory).status == 125)
        }

        @Test func theRegistryIsAskedWhereNoMirrorAnswers() throws {
            let command = try pull("one", through: "127.0.0.1:\(try freePort())")
            let result = try command.check(in: directory)
            #expect(result.errors.contains("asking \(registry.host)"))
            #expect(
                try Self.text(of: directory.path.appending("one"), reference) == "from upstream\n"
            )
        }

        private func check(_ command: Command, _ store: String) throws {
            try command.check(in: directory)
            let text = try Self.text(of: directory.path.appending(store), reference)
            #expect(text == "from upstream\n")
        }

        private func pull(_ store: String, through mirror: String?) throws -> Command {
            let entry = mirror.map { "[[registry.mirror]]\nlocation = \"\($0)\"\n" } ?? ""
            let file = try directory.write(
                "registries-\(store).conf",
                "[[registry]]\nlocation = \"\(registry.host)\"\n\(entry)"
            )
            return Command(
                crossFetch,
                "image",
                reference,
                "--platform",
                "linux/amd64",
                "--verbose",
                "--store",
                directory.path.appending(store).string,
                environment: [
                    "SSL_CERT_FILE": registry.authority.string,
                    "CONTAINERS_REGISTRIES_CONF": file.string,
                ]
            )
        }

        private func names(_ path: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(
                atPath: directory.path.pushing(FilePath(path)).string
            )
        }

        private static func text(of store: FilePath, _ reference: String) throws -> String {
            let store = try Store(at: store)
            let record = try store.image(
                ImageReference(reference),
                platform: Platform(os: "linux", architecture: "amd64")
            )
            guard let lease = try store.rootfs(try #require(record).chainID) else { return "" }
            return try String(
                contentsOfFile: lease.path.appending("file").string,
                encoding: .utf8
            )
        }
    }
}
