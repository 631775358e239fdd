// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// Pulls that must fail: one error, and nothing published.
@Suite(.serialized) struct RefusedPullTests: ~Copyable {
    private let ground: PullGround

    init() throws { ground = try PullGround() }

    @Test func aFlippedByteIsAWrongDigest() async throws {
        let registry = try await PrivateRegistry()
        try registry.introduce(to: ground.home)
        let layer = try #require(try registry.layerFiles().first)
        let file = try FileHandle(forUpdating: URL(filePath: layer.string))
        try file.seek(toOffset: 1 << 20)
        let byte = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: 1 << 20)
        try file.write(contentsOf: [byte ^ 1])
        try file.close()
        try ground.expectError(try await ground.pull(registry.image), mentions: "sha256:")
    }

    @Test(arguments: [("truncated", -1000), ("too long", 1000)])
    func aLayerOfAnotherSizeIsRefused(name: String, difference: Int) async throws {
        let registry = try await PrivateRegistry()
        try registry.introduce(to: ground.home)
        let layer = try #require(try registry.layerFiles().first)
        let file = try FileHandle(forUpdating: URL(filePath: layer.string))
        let size = try file.seekToEnd()
        try file.truncate(atOffset: UInt64(Int(size) + difference))
        try file.close()
        try ground.expectError(try await ground.pull(registry.image), mentions: "sha256:")
    }

    @Test func aWrongSizeInTheManifestIsRefused() async throws {
        let registry = try await PrivateRegistry()
        try registry.introduce(to: ground.home)
        try await registry.push(tag: "size", replacing: "\"size\":", with: "\"size\":1")
        let image = registry.image.replacing(":latest", with: ":size")
        try ground.expectError(try await ground.pull(image), mentions: "sha256:")
    }

    @Test func anUnknownMediaTypeIsNamed() async throws {
        let registry = try await PrivateRegistry()
        try registry.introduce(to: ground.home)
        try await registry.push(tag: "odd", replacing: "tar+gzip", with: "tar+odd")
        let image = registry.image.replacing(":latest", with: ":odd")
        try ground.expectError(try await ground.pull(image), mentions: "tar+odd")
    }

    @Test func aMissingTagIsNamed() async throws {
        try ground.expectError(
            try await ground.pull(ground.home.machine.image("small:nothing")),
            mentions: "small:nothing"
        )
    }

    @Test func aWrongPasswordIsAnErrorThatDoesNotShowIt() async throws {
        let token = Data("demo:secret-canary".utf8).base64EncodedString()
        let text = "{\"auths\": {\"\(ground.home.machine.registry)\": {\"auth\": \"\(token)\"}}}"
        let file = ground.home.path.appending("wrong.json")
        try ground.home.write(text, to: file)
        let outcome = try await ground.pull(
            ground.home.machine.image("small:latest"),
            ["REGISTRY_AUTH_FILE": file.string]
        )
        try ground.expectError(outcome, mentions: ground.home.machine.registry)
        #expect(!outcome.errors.contains("secret-canary"))
        #expect(!outcome.errors.contains(token))
    }

    @Test func anUnreachableHostIsNamed() async throws {
        let registry = try await PrivateRegistry()
        try registry.introduce(to: ground.home)
        try await registry.stop()
        try ground.expectError(try await ground.pull(registry.image), mentions: registry.address)
    }

    @Test func anUnknownAuthorityIsRefused() async throws {
        let outcome = try await ground.pull(
            ground.home.machine.image("small:latest"),
            ["SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt"]
        )
        try ground.expectError(outcome, mentions: ground.home.machine.registry)
    }

    @Test func aFullDiskLeavesNothingPublished() async throws {
        let script = """
            mkdir -p "$CROSS_STORE"; mount -t tmpfs -o size=64m,mode=700 none "$CROSS_STORE" || exit 99
            "$0" pull "$1"; status=$?
            find "$CROSS_STORE/rootfs" "$CROSS_STORE/images" -mindepth 1 -type f
            exit $status
            """
        let outcome = try await ground.home.run([
            "/usr/bin/unshare", "-Urm", "/bin/sh", "-c", script,
            ground.home.machine.program("cross-util"), ground.home.machine.image("small:latest"),
        ])
        try ground.expectError(outcome, mentions: "No space left on device")
    }
}
