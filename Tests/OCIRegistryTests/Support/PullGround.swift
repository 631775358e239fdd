// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import ServerTestSupport
import SystemPackage
import Testing

/// A registry with an image of four layers, and a directory for a store of it.
struct PullGround {
    let registry: RealRegistry
    let directory: TemporaryDirectory
    let reference: String

    init() throws {
        registry = try RealRegistry()
        directory = try TemporaryDirectory()
        reference = "\(registry.host)/team/image:1"
        try registry.push(try Self.image(in: directory), as: "team/image:1")
    }

    var store: FilePath { directory.path.appending("store") }

    func fetch(_ options: String..., store: FilePath? = nil) -> Command {
        Command(
            arguments: [
                crossFetch, "image", reference, "--platform", "linux/amd64", "--store",
                (store ?? self.store).string,
            ] + options,
            environment: registry.environment
        )
    }

    /// The digests of the layers as the registry has them.
    func layers() throws -> [Digest] {
        let blobs = try FileManager.default.subpathsOfDirectory(
            atPath: registry.directory.path.appending("data/docker/registry/v2/blobs").string
        ).filter { $0.hasSuffix("/data") }
        return try blobs.map { try Digest("sha256:\($0.split(separator: "/")[2])") }.filter {
            // gzip's magic number: the rest is documents.
            try directory.read(registry.file(of: $0)).starts(with: [0x1F, 0x8B])
        }
    }

    func expectWhole() throws {
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

    func expectNothing() throws {
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

    static func contents(_ index: Int) -> [UInt8] {
        noise(1_000_000 * (index + 1), seed: UInt64(index))
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
