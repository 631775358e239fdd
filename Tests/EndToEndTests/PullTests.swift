// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

/// Pulls of a small image, as the ordinary user, to their end and interrupted.
@Suite(.serialized) struct PullTests: ~Copyable {
    private let ground: PullGround

    init() throws { ground = try PullGround() }

    @Test func aPullMakesTheTreeThatTheLayersDescribe() async throws {
        let outcome = try await ground.pull(ground.home.machine.image("small:latest"))
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        try await ground.expectRightRootfs()
        let second = try await ground.pull(ground.home.machine.image("small:latest"))
        #expect(second.code == 0)
        try await ground.expectRightRootfs()
    }

    @Test func twoAtOnceFetchEachBlobOnce() async throws {
        let registry = try await PrivateRegistry()
        try registry.introduce(to: ground.home)
        let before = try registry.requests()
        let line = ground.home.command(
            [ground.home.machine.program("cross-util"), "pull", registry.image],
            [:]
        )
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
        try await ground.expectRightRootfs()
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
        let line = ground.home.command(
            [ground.home.machine.program("cross-fetch"), "image", image],
            [:]
        )
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
        let image = ground.home.machine.image("small:latest")
        var whole = try await ground.pull(image).duration
        var interrupted = 0
        for moment in 1...20 {
            _ = try await ground.home.run(["/bin/chmod", "-R", "u+rwX", ground.home.store.string])
            _ = try await ground.home.run(["/bin/rm", "-rf", ground.home.store.string])
            let delay = whole * moment / 21
            if try await killed(after: delay, by: signal, image).isSuccess {
                // The machine has become faster since.
                whole = delay
            } else {
                interrupted += 1
            }
            let again = try await ground.pull(image)
            #expect(again.code == 0, "moment \(moment): \(again.errors)")
            try await ground.expectRightRootfs()
        }
        #expect(interrupted >= 10, "most of the twenty must have hit a running pull")
    }

    @Test func aRegistryThatStopsHalfWayIsGoneOnWith() async throws {
        let registry = try await PrivateRegistry()
        try registry.introduce(to: ground.home)
        let whole = try await ground.pull(registry.image).duration
        var status: TerminationStatus?
        // Where it was done already, once more, and sooner.
        for share in [3, 4, 6, 10, 30] where status != .exited(125) {
            if status != nil { try await registry.start() }
            _ = try await ground.home.run(["/bin/rm", "-rf", ground.home.store.string])
            status = try await pull(from: registry, stoppedAfter: whole / share)
        }
        #expect(status == .exited(125))
        #expect(try ground.rootfs() == nil)
        try await registry.start()
        #expect(try await ground.pull(registry.image).code == 0)
        try await ground.expectRightRootfs()
    }

    /// Pulls from a registry that is stopped meanwhile.
    private func pull(
        from registry: borrowing PrivateRegistry,
        stoppedAfter pause: Duration
    ) async throws -> TerminationStatus {
        let line = ground.home.command(
            [ground.home.machine.program("cross-fetch"), "image", registry.image],
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
        let image = ground.home.machine.image("cross/aarch64:demo")
        let line = ground.home.command(
            [ground.home.machine.program("cross-util"), "pull", image],
            [:]
        )
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
        let store = ground.home.store.string
        let fetch = try await Subprocess.run(
            .path("/bin/bash"),
            arguments: [
                "-c", "grep -lz \"CROSS_STORE=$0$\" /proc/[0-9]*/environ 2>/dev/null", store,
            ],
            output: .string(limit: 4096)
        )
        #expect(fetch.standardOutput.isEmpty)
    }
}
