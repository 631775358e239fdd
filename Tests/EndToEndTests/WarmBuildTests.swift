// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// A build that has nothing to do, and what it does not do either.
@Suite(.serialized) struct WarmBuildTests: ~Copyable {
    private let crate: DemoCrate

    init() throws { crate = try DemoCrate() }

    @Test func aSecondBuildSaysNothingAndConnectsToNothing() async throws {
        _ = try await crate.cross(["build", "--target", crate.triple])
        let trace = crate.home.path.appending("trace")
        let store = try SharedStore.path().string
        let second = try await crate.home.run(
            ["/usr/bin/strace", "-f", "-e", "trace=connect,execve", "-o", trace.string]
                + [crate.home.machine.program("cross"), "build", "--target", crate.triple],
            in: crate.path,
            environment: ["CROSS_STORE": store]
        )
        #expect(second.code == 0, "\(second.errors)")
        let lines = second.errors.split(separator: "\n")
        #expect(lines.count == 1, "\(second.errors)")
        #expect(lines.first?.contains("Finished") ?? false)
        let calls = try String(contentsOfFile: trace.string, encoding: .utf8)
        #expect(!calls.contains("connect("), "\(calls)")
        #expect(!calls.contains("cross-fetch"))
    }

    /// No machine's speed is in these numbers: programs that are started, and what our own calls are.
    @Test func aWarmBuildIsTwoProgramsAndAFewHundredCallsOfOurs() async throws {
        for _ in 0..<3 { _ = try await crate.cross(["build", "--target", crate.triple]) }
        let trace = crate.home.path.appending("trace")
        let warm = try await crate.home.run(
            ["/usr/bin/strace", "-f", "-qq", "-o", trace.string]
                + [crate.home.machine.program("cross"), "build", "--target", crate.triple],
            in: crate.path,
            environment: ["CROSS_STORE": try SharedStore.path().string]
        )
        #expect(warm.code == 0, "\(warm.errors)")
        let all = try String(contentsOfFile: trace.string, encoding: .utf8).split(separator: "\n")
        let programs = all.indices.filter { isStart(all[$0]) }
        #expect(programs.count == 2, "\(programs.map { all[$0] })")
        // The second one is cargo.
        let ours = all[..<(programs.last ?? all.endIndex)].filter { !$0.contains("resumed>") }
        #expect(ours.count < 900, "before cargo, \(ours.count) calls")
        let opened = ours.filter { $0.contains("open") && !$0.contains("ENOENT") }
        #expect(opened.count < 200, "before cargo, \(opened.count) files")
    }

    /// Whether a line of strace's tells of a program that was started.
    private func isStart(_ call: Substring) -> Bool {
        call.contains("execve") && call.hasSuffix("= 0")
    }
}
