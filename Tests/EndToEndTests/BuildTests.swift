// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

/// The main job: a crate with C and C++ sources, for aarch64, as the ordinary user.
@Suite(.serialized) struct BuildTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let crate: FilePath

    init() throws {
        let home = try Home()
        crate = try home.crate(image: home.machine.image("cross/aarch64:demo"))
        self.home = home
    }

    private func cross(
        _ words: [String],
        _ environment: [String: String] = [:]
    ) async throws -> Outcome {
        // One store for the suite: what a pull does is tested elsewhere.
        let store = ["CROSS_STORE": try SharedStore.path().string]
        return try await home.run(
            [home.machine.program("cross")] + words,
            in: crate,
            environment: store.merging(environment) { $1 }
        )
    }

    private func write(_ name: String, _ text: String) throws {
        let file = crate.pushing(FilePath(name))
        try FileManager.default.createDirectory(
            atPath: file.removingLastComponent().string,
            withIntermediateDirectories: true
        )
        try text.write(toFile: file.string, atomically: true, encoding: .utf8)
        try home.give(crate)
    }

    @Test func aCrateIsBuiltRunAndTested() async throws {
        let build = try await cross(["build", "--target", Self.triple])
        #expect(build.code == 0, "\(build.errors)")
        #expect(build.output.isEmpty)

        let run = try await cross(["run", "--quiet", "--target", Self.triple])
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output.contains("running on aarch64"), "\(run.output)")
        #expect(run.errors.isEmpty)

        let test = try await cross(["test", "--target", Self.triple])
        #expect(test.code == 0, "\(test.errors)\(test.output)")
        #expect(test.output.contains("it_runs_without_any_environment ... ok"))

        let artifact = crate.pushing(FilePath("target/\(Self.triple)/debug/weather-station"))
        let file = try await home.run(["/usr/bin/file", artifact.string])
        #expect(file.output.contains("ARM aarch64"))
        try await expectOwnedByUser("target")
        let status = try await home.run(["/usr/bin/find", crate.string, "-name", "CACHEDIR.TAG"])
        #expect(status.output.contains("target/CACHEDIR.TAG"))
    }

    private func expectOwnedByUser(_ name: String) async throws {
        let words = ["/usr/bin/find", name, "!", "-user", home.machine.user, "-print"]
        let foreign = try await home.run(words, in: crate)
        #expect(foreign.code == 0)
        #expect(foreign.output.isEmpty)
    }

    @Test func aSecondBuildSaysNothingAndConnectsToNothing() async throws {
        _ = try await cross(["build", "--target", Self.triple])
        let trace = home.path.appending("trace")
        let store = try SharedStore.path().string
        let second = try await home.run(
            ["/usr/bin/strace", "-f", "-e", "trace=connect,execve", "-o", trace.string]
                + [home.machine.program("cross"), "build", "--target", Self.triple],
            in: crate,
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

    @Test func whatIsWrittenToAProjectAndDroppedIsListed() async throws {
        try write(
            "build.rs",
            """
            fn main() {
                std::fs::create_dir_all("made/deep").unwrap();
                std::fs::write("made/deep/\\u{1b}[2J", "x").unwrap();
                std::fs::write("Cargo.toml", "changed").unwrap();
                std::fs::remove_file("tests/program.rs").unwrap();
                std::fs::create_dir("empty").unwrap();
                panic!("on purpose");
            }
            """
        )
        let build = try await cross(
            ["build", "--target", Self.triple],
            ["CROSS_BUILD_PROJECT": "discard"]
        )
        #expect(build.code == 101, "\(build.errors)")
        for line in [
            "note: dropped: \(crate)/Cargo.toml", "note: dropped: \(crate)/empty",
            "note: dropped: the removal of \(crate)/tests/program.rs",
        ] {
            #expect(build.errors.contains(line + "\n"), "\(build.errors)")
        }
        #expect(build.errors.contains("dropped: \(crate)/made/deep/"), "\(build.errors)")
        #expect(!build.errors.contains("\u{1b}[2J"))
        #expect(build.errors.ranges(of: "note: dropped").count == 4, "\(build.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: crate.string)
        #expect(!names.contains("made") && !names.contains("empty"))
    }

    /// No machine's speed is in these numbers: programs that are started, and what our own calls are.
    @Test func aWarmBuildIsTwoProgramsAndAFewHundredCallsOfOurs() async throws {
        for _ in 0..<3 { _ = try await cross(["build", "--target", Self.triple]) }
        let trace = home.path.appending("trace")
        let warm = try await home.run(
            ["/usr/bin/strace", "-f", "-qq", "-o", trace.string]
                + [home.machine.program("cross"), "build", "--target", Self.triple],
            in: crate,
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

    @Test func aTraceHasATimeLineOfABuild() async throws {
        let trace = home.path.appending("trace.json")
        let words = ["build", "--target", Self.triple]
        #expect(try await cross(words, ["CROSS_TRACE": trace.string]).code == 0)
        let text = try String(contentsOfFile: trace.string, encoding: .utf8)
        #expect(text.hasPrefix("[\n{\"name\":\"configuration\""))
        #expect(text.contains("{\"name\":\"sandbox, cargo build --target \(Self.triple)\","))
        let missing = home.path.appending("missing/trace.json").string
        let unwritten = try await cross(words, ["CROSS_TRACE": missing])
        #expect(unwritten.code == 0)
        #expect(
            unwritten.errors.contains("warning: no trace is written: No such file or directory")
        )
    }

    @Test func cargosExitStatusIsOurs() async throws {
        try write("src/main.rs", "fn main() { std::process::exit(7) }")
        #expect(try await cross(["run", "--target", Self.triple]).code == 7)
        try write("src/main.rs", "fn main() { this is no Rust }")
        #expect(try await cross(["build", "--target", Self.triple]).code == 101)
        #expect(try await cross(["build", "--target", Self.triple, "--no-such-option"]).code == 1)
    }

    @Test func theProjectIsReadOnlyAndTheHomeIsEmpty() async throws {
        try write("../canary", "secret")
        try write(
            "tests/boundary.rs",
            """
            use std::{env, fs, io, path::Path};

            #[test]
            fn the_project_cannot_be_written() {
                let error = fs::write("src/lib.rs", "").unwrap_err();
                assert_eq!(error.kind(), io::ErrorKind::ReadOnlyFilesystem);
            }

            #[test]
            fn the_home_has_nothing_of_the_users() {
                let home = env::var("HOME").unwrap();
                assert!(!Path::new(&home).join("canary").exists());
                assert!(!Path::new(&home).join("auth.json").exists());
                assert!(!Path::new(&home).join("store").exists());
            }

            #[test]
            fn the_environment_has_no_secrets() {
                assert!(env::var("CARGO_REGISTRY_TOKEN").is_err());
                assert!(env::var("AWS_SECRET_ACCESS_KEY").is_err());
                assert_eq!(env::var("MODE").unwrap(), "ci");
                assert_eq!(env::var("PASSED").unwrap(), "through");
            }

            #[test]
            fn the_volume_can_be_written() {
                fs::write(Path::new(&env::var("DATA").unwrap()).join("made"), "inside").unwrap();
            }
            """
        )
        let volume = home.path.appending("volume")
        try FileManager.default.createDirectory(
            atPath: volume.string,
            withIntermediateDirectories: true
        )
        try home.give(volume)
        let settings = """
            [build.env]
            passthrough = ["MODE=ci", "PASSED"]
            volumes = ["DATA=\(volume.string)"]
            [target.\(Self.triple)]
            image = "\(home.machine.image("cross/aarch64:demo"))"
            """
        try write("Cross.toml", settings)
        let test = try await cross(
            ["test", "--target", Self.triple, "--test", "boundary"],
            [
                "CARGO_REGISTRY_TOKEN": "canary", "AWS_SECRET_ACCESS_KEY": "canary",
                "PASSED": "through",
            ]
        )
        #expect(test.code == 0, "\(test.output)\(test.errors)")
        let made = try String(contentsOfFile: volume.appending("made").string, encoding: .utf8)
        #expect(made == "inside")
    }

    @Test func whatABuildScriptWritesToCargosPackagesIsNotThereForTheNext() async throws {
        let cargo = home.path.appending("poison")
        let poisoned = cargo.pushing("registry/src/index/other/build.rs")
        try write("../poison/registry/src/index/other/build.rs", "original")
        try write(
            "build.rs",
            """
            fn main() {
                let home = std::env::var("CARGO_HOME").unwrap();
                let file = std::path::Path::new(&home).join("registry/src/index/other/build.rs");
                assert_eq!(std::fs::read_to_string(&file).unwrap(), "original");
                std::fs::write(&file, "poisoned").unwrap();
                std::fs::write(file.with_file_name("new.rs"), "poisoned").unwrap();
                println!("cargo:rustc-env=TARGET={}", std::env::var("TARGET").unwrap());
            }
            """
        )
        try home.give(cargo)
        let build = try await cross(
            ["check", "--target", Self.triple],
            ["CARGO_HOME": cargo.string]
        )
        #expect(build.code == 0, "\(build.errors)")
        #expect(try String(contentsOfFile: poisoned.string, encoding: .utf8) == "original")
        let names = try FileManager.default.contentsOfDirectory(
            atPath: poisoned.removingLastComponent().string
        )
        #expect(names == ["build.rs"])
    }

    @Test func theImagesOwnRunnerIsKept() async throws {
        let image = home.machine.image("cross/aarch64:runner")
        let variables = ["CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU_IMAGE": image]
        let run = try await cross(["run", "--target", Self.triple], variables)
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output.contains("running on aarch64"))
        #expect(run.errors.contains("/linux-runner aarch64"))
        let native = ["CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER": "qemu-system"]
        let refused = try await cross(
            ["run", "--target", Self.triple],
            variables.merging(native) { $1 }
        )
        #expect(refused.code != 0)
    }

    @Test func aMistypedRunnerAndAMissingImageAreErrorsOfOurs() async throws {
        let runner = try await cross(
            ["run", "--target", Self.triple],
            ["CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER": "qemu"]
        )
        #expect(runner.code == 125)
        #expect(runner.errors.contains("no runner `qemu`"))
        let offline = try await cross(
            ["build", "--offline", "--target", Self.triple],
            ["CROSS_TARGET_AARCH64_UNKNOWN_LINUX_GNU_IMAGE": "localhost/none:1"]
        )
        #expect(offline.code == 125)
        #expect(offline.errors.contains("cross-util pull localhost/none:1"))
    }

    @Test func anOfflineBuildHasNoNetworkAtAll() async throws {
        try write(
            "tests/network.rs",
            """
            #[test]
            fn nothing_but_loopback() {
                let devices = std::fs::read_to_string("/proc/net/dev").unwrap();
                let names: Vec<_> = devices.lines().skip(2).map(|l| l.split(':').next().unwrap().trim()).collect();
                assert_eq!(names, ["lo"]);
            }
            """
        )
        let words = ["test", "--offline", "--target", Self.triple, "--test", "network"]
        let test = try await cross(words)
        #expect(test.code == 0, "\(test.output)\(test.errors)")
    }
}
