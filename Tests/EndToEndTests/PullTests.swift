// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import Subprocess
import SystemPackage
import Testing

/// Pulls of a small image, as the ordinary user.
@Suite(.serialized) struct PullTests: ~Copyable {
    private let home: Home
    private let expected: FilePath

    init() throws {
        let home = try Home()
        expected = home.machine.smallImage.appending("expected")
        self.home = home
    }

    private func pull(_ image: String, _ environment: [String: String] = [:]) async throws
        -> Outcome
    {
        try await home.run(
            [home.machine.program("cross-util"), "pull", image],
            environment: environment
        )
    }

    /// The one root filesystem of the store; `nil` where nothing is published.
    private func rootfs() throws -> FilePath? {
        let directory = home.store.appending("rootfs")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.string)) ?? []
        #expect(names.count <= 1)
        return names.first.map { directory.appending($0) }
    }

    private func expectRightRootfs() async throws {
        let rootfs = try #require(try rootfs())
        #expect(try await Tree.digest(rootfs) == (try await Tree.digest(expected)))
    }

    private func expectError(
        _ outcome: Outcome,
        mentions words: String...
    ) throws {
        #expect(outcome.code == 125)
        #expect(outcome.output.isEmpty)
        let errors = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
        #expect(errors.count == 1, "\(outcome.errors)")
        for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
        #expect(try rootfs() == nil)
        let images = home.store.appending("images")
        let records = FileManager.default.enumerator(atPath: images.string)?.allObjects ?? []
        #expect(!records.contains { ($0 as? String)?.hasSuffix(".json") ?? false })
    }

    @Test func aPullMakesTheTreeThatTheLayersDescribe() async throws {
        let outcome = try await pull(home.machine.image("small:latest"))
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        try await expectRightRootfs()
        let second = try await pull(home.machine.image("small:latest"))
        #expect(second.code == 0)
        try await expectRightRootfs()
    }

    @Test func twoAtOnceFetchEachBlobOnce() async throws {
        let registry = try await PrivateRegistry()
        try registry.introduce(to: home)
        let before = try registry.requests()
        let line = home.command([home.machine.program("cross-util"), "pull", registry.image], [:])
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    let result = try await Subprocess.run(
                        .path("/usr/bin/env"),
                        arguments: Arguments(line),
                        output: .discarded,
                        error: .currentStandardError
                    )
                    return result.terminationStatus.isSuccess
                }
            }
            for try await success in group { #expect(success) }
        }
        try await expectRightRootfs()
        // The third layer is smaller than the documents, which each process asks for.
        let layers = Set(
            try registry.layerFiles().prefix(2).compactMap {
                $0.removingLastComponent().lastComponent?.string
            }
        )
        let counts = try registry.requests().filter { layers.contains($0.key) }
        #expect(before.filter { layers.contains($0.key) }.isEmpty)
        #expect(counts.count == 2)
        #expect(counts.values.allSatisfy { $0 == 1 }, "\(counts)")
    }

    /// Kills a pull after some time, and says whether it had ended by itself.
    private func killed(
        after delay: Duration,
        by signal: Signal,
        _ image: String
    ) async throws -> TerminationStatus {
        let line = home.command([home.machine.program("cross-fetch"), "image", image], [:])
        let result = try await Subprocess.run(
            .path("/usr/bin/env"),
            arguments: Arguments(line),
            input: .none,
            output: .discarded,
            error: .discarded
        ) { execution in
            try await Task.sleep(for: delay)
            try? execution.send(signal: signal)
        }
        return result.terminationStatus
    }

    @Test(arguments: [Signal.interrupt, .kill])
    func killedAtTwentyMomentsThenPulledAgain(signal: Signal) async throws {
        let image = home.machine.image("small:latest")
        var whole = try await pull(image).duration
        var interrupted = 0
        for moment in 1...20 {
            _ = try await home.run(["/bin/chmod", "-R", "u+rwX", home.store.string])
            _ = try await home.run(["/bin/rm", "-rf", home.store.string])
            let delay = whole * moment / 21
            if try await killed(after: delay, by: signal, image).isSuccess {
                // The machine has become faster since.
                whole = delay
            } else {
                interrupted += 1
            }
            let again = try await pull(image)
            #expect(again.code == 0, "moment \(moment): \(again.errors)")
            try await expectRightRootfs()
        }
        #expect(interrupted >= 10, "most of the twenty must have hit a running pull")
    }

    @Test func aRegistryThatStopsHalfWayIsGoneOnWith() async throws {
        let registry = try await PrivateRegistry()
        try registry.introduce(to: home)
        let whole = try await pull(registry.image).duration
        var status: TerminationStatus?
        // Where it was done already, once more, and sooner.
        for share in [3, 4, 6, 10, 30] where status != .exited(125) {
            if status != nil { try await registry.start() }
            _ = try await home.run(["/bin/rm", "-rf", home.store.string])
            status = try await pull(from: registry, stoppedAfter: whole / share)
        }
        #expect(status == .exited(125))
        #expect(try rootfs() == nil)
        try await registry.start()
        #expect(try await pull(registry.image).code == 0)
        try await expectRightRootfs()
    }

    /// Pulls from a registry that is stopped meanwhile.
    private func pull(
        from registry: borrowing PrivateRegistry,
        stoppedAfter pause: Duration
    ) async throws -> TerminationStatus {
        let line = home.command(
            [home.machine.program("cross-fetch"), "image", registry.image],
            [:]
        )
        async let result = Subprocess.run(
            .path("/usr/bin/env"),
            arguments: Arguments(line),
            output: .discarded,
            error: .string(limit: 1 << 20)
        )
        try await Task.sleep(for: pause)
        try await registry.stop()
        return try await result.terminationStatus
    }

    @Test func killingTheProgramThatPullsStopsThePull() async throws {
        let image = home.machine.image("cross/aarch64:demo")
        let line = home.command([home.machine.program("cross-util"), "pull", image], [:])
        _ = try await Subprocess.run(
            .path("/usr/bin/env"),
            arguments: Arguments(line),
            input: .none,
            output: .discarded,
            error: .discarded
        ) { execution in
            try await Task.sleep(for: .milliseconds(500))
            try execution.send(signal: .kill)
        }
        try await Task.sleep(for: .seconds(1))
        let store = home.store.string
        let fetch = try await Subprocess.run(
            .path("/bin/bash"),
            arguments: [
                "-c", "grep -lz \"CROSS_STORE=$0$\" /proc/[0-9]*/environ 2>/dev/null", store,
            ],
            output: .string(limit: 4096)
        )
        #expect(fetch.standardOutput.isEmpty)
    }

    @Test func aFlippedByteIsAWrongDigest() async throws {
        let registry = try await PrivateRegistry()
        try registry.introduce(to: home)
        let layer = try #require(try registry.layerFiles().first)
        let file = try FileHandle(forUpdating: URL(filePath: layer.string))
        try file.seek(toOffset: 1 << 20)
        let byte = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: 1 << 20)
        try file.write(contentsOf: [byte ^ 1])
        try file.close()
        try expectError(try await pull(registry.image), mentions: "sha256:")
    }

    @Test(arguments: [("truncated", -1000), ("too long", 1000)])
    func aLayerOfAnotherSizeIsRefused(name: String, difference: Int) async throws {
        let registry = try await PrivateRegistry()
        try registry.introduce(to: home)
        let layer = try #require(try registry.layerFiles().first)
        let file = try FileHandle(forUpdating: URL(filePath: layer.string))
        let size = try file.seekToEnd()
        try file.truncate(atOffset: UInt64(Int(size) + difference))
        try file.close()
        try expectError(try await pull(registry.image), mentions: "sha256:")
    }

    @Test func aWrongSizeInTheManifestIsRefused() async throws {
        let registry = try await PrivateRegistry()
        try registry.introduce(to: home)
        try await registry.push(tag: "size", replacing: "\"size\":", with: "\"size\":1")
        let image = registry.image.replacing(":latest", with: ":size")
        try expectError(try await pull(image), mentions: "sha256:")
    }

    @Test func anUnknownMediaTypeIsNamed() async throws {
        let registry = try await PrivateRegistry()
        try registry.introduce(to: home)
        try await registry.push(tag: "odd", replacing: "tar+gzip", with: "tar+odd")
        let image = registry.image.replacing(":latest", with: ":odd")
        try expectError(try await pull(image), mentions: "tar+odd")
    }

    @Test func aMissingTagIsNamed() async throws {
        try expectError(
            try await pull(home.machine.image("small:nothing")),
            mentions: "small:nothing"
        )
    }

    @Test func aWrongPasswordIsAnErrorThatDoesNotShowIt() async throws {
        let token = Data("demo:secret-canary".utf8).base64EncodedString()
        let text = "{\"auths\": {\"\(home.machine.registry)\": {\"auth\": \"\(token)\"}}}"
        let file = home.path.appending("wrong.json")
        try text.write(toFile: file.string, atomically: true, encoding: .utf8)
        try home.give(file)
        let outcome = try await pull(
            home.machine.image("small:latest"),
            ["REGISTRY_AUTH_FILE": file.string]
        )
        try expectError(outcome, mentions: home.machine.registry)
        #expect(!outcome.errors.contains("secret-canary"))
        #expect(!outcome.errors.contains(token))
    }

    @Test func anUnreachableHostIsNamed() async throws {
        let registry = try await PrivateRegistry()
        try registry.introduce(to: home)
        try await registry.stop()
        try expectError(try await pull(registry.image), mentions: registry.address)
    }

    @Test func anUnknownAuthorityIsRefused() async throws {
        let outcome = try await pull(
            home.machine.image("small:latest"),
            ["SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt"]
        )
        try expectError(outcome, mentions: home.machine.registry)
    }

    @Test func aFullDiskLeavesNothingPublished() async throws {
        let script = """
            mkdir -p "$CROSS_STORE"; mount -t tmpfs -o size=64m,mode=700 none "$CROSS_STORE" || exit 99
            "$0" pull "$1"; status=$?
            find "$CROSS_STORE/rootfs" "$CROSS_STORE/images" -mindepth 1 -type f
            exit $status
            """
        let outcome = try await home.run([
            "/usr/bin/unshare", "-Urm", "/bin/sh", "-c", script,
            home.machine.program("cross-util"), home.machine.image("small:latest"),
        ])
        try expectError(outcome, mentions: "No space left on device")
    }
}
