// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

/// Programs for the target that something other than cargo starts.
@Suite(.serialized) struct EmulatorTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home

    init() throws {
        home = try Home()
    }

    /// Who starts programs for the target: the kernel, or PID 1 where the kernel cannot.
    private static let ways = ["", "binary-formats"]

    private func cross(
        _ words: String...,
        in crate: FilePath,
        without missing: String = ""
    ) async throws -> Outcome {
        try await home.run(
            [home.machine.program("cross")] + words,
            in: crate,
            environment: [
                "CROSS_STORE": try SharedStore.path().string, "CROSS_BUILD_TARGET": Self.triple,
                "CROSS_WITHOUT": missing,
            ]
        )
    }

    @Test func cmakeTriesRunningWhatItCompiled() async throws {
        guard let source = ProcessInfo.processInfo.environment["CROSS_TEST_HOSTED"] else {
            throw NotPrepared(missing: "CROSS_TEST_HOSTED")
        }
        let crate = home.path.appending("hosted")
        try FileManager.default.copyItem(atPath: source, toPath: crate.string)
        try "[build]\nrootfs = \"debian\"\n".write(
            toFile: crate.appending("Cross.toml").string,
            atomically: true,
            encoding: .utf8
        )
        try home.give(crate)
        for way in Self.ways {
            let built = crate.appending("target/\(Self.triple)/debug/build").string
            try? FileManager.default.removeItem(atPath: built)
            let test = try await cross("test", "--test", "native", in: crate, without: way)
            #expect(test.code == 0, "\(test.output)\(test.errors)")
            #expect(test.output.contains("test cmake_knows_the_target ... ok"))
            // What CMake said of the program that it compiled and ran.
            let words = ["-rh", "POLYGON_RUNS", built, "--include=output"]
            let said = try await home.run(["/usr/bin/grep"] + words, in: crate)
            #expect(
                said.output.contains("Performing Test POLYGON_RUNS - Success"),
                "\(said.output)"
            )
        }
    }

    // The original attaches no standard input.
    @Test func aProgramReadsWhatIsPipedIn() async throws {
        let crate = try home.crate(image: home.machine.image("cross/aarch64:demo"))
        let program = """
            fn main() {
                let words: Vec<_> = std::env::args().skip(1).collect();
                let lines = std::io::stdin().lines().map(Result::unwrap).collect::<Vec<_>>();
                println!("{} {}", words.join("+"), lines.join("+"));
            }
            """
        try program.write(
            toFile: crate.pushing("src/main.rs").string,
            atomically: true,
            encoding: .utf8
        )
        try home.give(crate)
        let words = ["run", "--quiet", "--target", Self.triple, "one", "--", "-q"]
        let command = home.command(
            [home.machine.program("cross")] + words,
            ["CROSS_STORE": try SharedStore.path().string]
        )
        let result = try await Subprocess.run(
            .path("/usr/bin/env"),
            arguments: Arguments(command),
            workingDirectory: crate,
            input: .string("first\nsecond\n"),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        #expect(result.standardOutput == "one+--+-q first+second\n", "\(result.standardError)")
    }

    private func crate(test: String) throws -> FilePath {
        let crate = try home.crate(image: home.machine.image("cross/aarch64:demo"))
        try test.write(
            toFile: crate.pushing("tests/starting.rs").string,
            atomically: true,
            encoding: .utf8
        )
        try home.give(crate)
        return crate
    }

    @Test func aTestStartsItsOwnExecutable() async throws {
        let crate = try crate(
            test: """
                use std::{env, process::Command};

                #[test]
                #[ignore]
                fn child() {
                    println!("child on {}", env::consts::ARCH);
                    std::process::exit(42);
                }

                #[test]
                fn it_starts_itself() {
                    let own = env::current_exe().unwrap();
                    let words = ["child", "--exact", "--ignored", "--nocapture"];
                    let output = Command::new(own).args(words).output().unwrap();
                    let text = String::from_utf8_lossy(&output.stdout);
                    assert!(text.contains("child on aarch64"), "{output:?}");
                    assert_eq!(output.status.code(), Some(42));
                }
                """
        )
        for way in Self.ways {
            let test = try await cross("test", "--test", "starting", in: crate, without: way)
            #expect(test.code == 0, "\(test.output)\(test.errors)")
            #expect(test.output.contains("test it_starts_itself ... ok"))
        }
    }

    @Test func aTestClearsTheEnvironmentAndStartsAProgram() async throws {
        let crate = try crate(
            test: """
                use std::{env, process::{Command, Output}};

                const PROGRAM: &str = env!("CARGO_BIN_EXE_weather-station");

                fn check(output: Output) {
                    assert!(output.status.success(), "{output:?}");
                    assert!(String::from_utf8_lossy(&output.stdout).contains("running on aarch64"));
                }

                #[test]
                fn it_clears_the_childs() {
                    check(Command::new(PROGRAM).env_clear().output().unwrap());
                }

                #[test]
                fn it_clears_its_own() {
                    for (name, _) in env::vars_os() { env::remove_var(name) }
                    check(Command::new(PROGRAM).output().unwrap());
                }

                // A program of this machine's stands between.
                #[test]
                fn env_clears_it() {
                    check(Command::new("/usr/bin/env").args(["-i", PROGRAM]).output().unwrap());
                }
                """
        )
        for way in Self.ways {
            let outcome = try await cross(
                "test",
                "--test",
                "starting",
                "--",
                "--test-threads",
                "1",
                in: crate,
                without: way
            )
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
            #expect(outcome.output.contains("3 passed"), "\(outcome.output)")
        }
    }
}
