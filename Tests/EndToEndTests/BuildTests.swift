// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// The main job: a crate with C and C++ sources, for aarch64, as the ordinary user.
@Suite(.serialized) struct BuildTests: ~Copyable {
    private let crate: DemoCrate

    init() throws { crate = try DemoCrate() }

    @Test func aCrateIsBuiltRunAndTested() async throws {
        let build = try await crate.cross(["build", "--target", crate.triple])
        #expect(build.code == 0, "\(build.errors)")
        #expect(build.output.isEmpty)

        let run = try await crate.cross(["run", "--quiet", "--target", crate.triple])
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output.contains("running on aarch64"), "\(run.output)")
        #expect(run.errors.isEmpty)

        let test = try await crate.cross(["test", "--target", crate.triple])
        #expect(test.code == 0, "\(test.errors)\(test.output)")
        #expect(test.output.contains("it_runs_without_any_environment ... ok"))

        let artifact = crate.path.pushing(FilePath("target/\(crate.triple)/debug/weather-station"))
        let file = try await crate.home.run(["/usr/bin/file", artifact.string])
        #expect(file.output.contains("ARM aarch64"))
        try await expectOwnedByUser("target")
        let status = try await crate.home.run([
            "/usr/bin/find", crate.path.string, "-name", "CACHEDIR.TAG",
        ])
        #expect(status.output.contains("target/CACHEDIR.TAG"))
    }

    private func expectOwnedByUser(_ name: String) async throws {
        let words = ["/usr/bin/find", name, "!", "-user", crate.home.machine.user, "-print"]
        let foreign = try await crate.home.run(words, in: crate.path)
        #expect(foreign.code == 0)
        #expect(foreign.output.isEmpty)
    }

    @Test func aTraceHasATimeLineOfABuild() async throws {
        let trace = crate.home.path.appending("trace.json")
        let words = ["build", "--target", crate.triple]
        #expect(try await crate.cross(words, ["CROSS_TRACE": trace.string]).code == 0)
        let text = try String(contentsOfFile: trace.string, encoding: .utf8)
        #expect(text.hasPrefix("[\n{\"name\":\"configuration\""))
        #expect(text.contains("{\"name\":\"sandbox, cargo build --target \(crate.triple)\","))
        let missing = crate.home.path.appending("missing/trace.json").string
        let unwritten = try await crate.cross(words, ["CROSS_TRACE": missing])
        #expect(unwritten.code == 0)
        #expect(
            unwritten.errors.contains("warning: no trace is written: No such file or directory")
        )
    }

    @Test func cargosExitStatusIsOurs() async throws {
        try crate.write("src/main.rs", "fn main() { std::process::exit(7) }")
        #expect(try await crate.cross(["run", "--target", crate.triple]).code == 7)
        try crate.write("src/main.rs", "fn main() { this is no Rust }")
        #expect(try await crate.cross(["build", "--target", crate.triple]).code == 101)
        #expect(
            try await crate.cross(["build", "--target", crate.triple, "--no-such-option"]).code == 1
        )
    }

    @Test func theImagesOwnRunnerIsKept() async throws {
        let image = crate.home.machine.image("cross/aarch64:runner")
        let variables = ["CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU_IMAGE": image]
        let run = try await crate.cross(["run", "--target", crate.triple], variables)
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output.contains("running on aarch64"))
        #expect(run.errors.contains("/linux-runner aarch64"))
        let native = ["CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER": "qemu-system"]
        let refused = try await crate.cross(
            ["run", "--target", crate.triple],
            variables.merging(native) { $1 }
        )
        #expect(refused.code != 0)
    }

    @Test func aMistypedRunnerAndAMissingImageAreErrorsOfOurs() async throws {
        let runner = try await crate.cross(
            ["run", "--target", crate.triple],
            ["CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER": "qemu"]
        )
        #expect(runner.code == 125)
        #expect(runner.errors.contains("no runner `qemu`"))
        let offline = try await crate.cross(
            ["build", "--offline", "--target", crate.triple],
            ["CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU_IMAGE": "localhost/none:1"]
        )
        #expect(offline.code == 125)
        #expect(offline.errors.contains("cross-util pull localhost/none:1"))
    }
}
