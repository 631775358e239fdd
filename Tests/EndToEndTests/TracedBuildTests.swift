// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

/// The main job where there are no namespaces: the same crate, the same results.
@Suite(.serialized) struct TracedBuildTests: ~Copyable {
    private static let warning = "running with translated paths, not isolated"
    private let crate: DemoCrate

    init() throws { crate = try DemoCrate() }

    /// Runs a program where user namespaces are switched off, as its own id 0.
    private func withoutNamespaces(
        _ words: [String],
        _ environment: [String: String] = [:]
    ) async throws -> Outcome {
        let script = "echo 0 > /proc/sys/user/max_user_namespaces; exec \"$@\""
        let store = ["CROSS_STORE": try SharedStore.path().string]
        return try await crate.home.run(
            ["/usr/bin/unshare", "-Ur", "/bin/sh", "-c", script, "sh"]
                + [crate.home.machine.program("cross")] + words,
            in: crate.path,
            environment: store.merging(environment) { $1 }
        )
    }

    @Test func aCrateIsBuiltAndTestedWithoutNamespaces() async throws {
        let build = try await withoutNamespaces(["build", "--target", crate.triple])
        #expect(build.code == 0, "\(build.errors)")
        #expect(build.output.isEmpty)
        #expect(build.errors.components(separatedBy: Self.warning).count == 2, "\(build.errors)")
        #expect(build.errors.contains("user.max_user_namespaces is 0"))

        let test = try await withoutNamespaces(["test", "--target", crate.triple])
        #expect(test.code == 0, "\(test.errors)\(test.output)")
        #expect(test.output.contains("it_runs_without_any_environment ... ok"))
        #expect(test.output.contains("dew_point (line"), "the documentation's tests run, too")

        let artifact = crate.path.pushing(FilePath("target/\(crate.triple)/debug/weather-station"))
        let file = try await crate.home.run(["/usr/bin/file", artifact.string])
        #expect(file.output.contains("ARM aarch64"))
    }

    @Test func whoWantsIsolationGetsAnErrorInstead() async throws {
        let refused = try await withoutNamespaces(
            ["build", "--target", crate.triple],
            ["CROSS_ISOLATION": "namespaces"]
        )
        #expect(refused.code == 125)
        #expect(!refused.errors.contains(Self.warning))
        let mistyped = try await withoutNamespaces(
            ["build", "--target", crate.triple],
            ["CROSS_ISOLATION": "no"]
        )
        #expect(mistyped.code == 125)
        #expect(mistyped.errors.contains("there is no isolation `no`"))
    }
}
