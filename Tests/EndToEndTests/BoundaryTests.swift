// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// What a build can see and change of the machine that it runs on.
@Suite(.serialized) struct BoundaryTests: ~Copyable {
    private let crate: DemoCrate

    init() throws { crate = try DemoCrate() }

    @Test func theProjectIsReadOnlyAndTheHomeIsEmpty() async throws {
        try crate.write("../canary", "secret")
        try crate.write(
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
        let volume = crate.home.path.appending("volume")
        try FileManager.default.createDirectory(
            atPath: volume.string,
            withIntermediateDirectories: true
        )
        try crate.home.give(volume)
        let settings = """
            [build.env]
            passthrough = ["MODE=ci", "PASSED"]
            volumes = ["DATA=\(volume.string)"]
            [target.\(crate.triple)]
            image = "\(crate.home.machine.image("cross/aarch64:demo"))"
            """
        try crate.write("Cross.toml", settings)
        let test = try await crate.cross(
            ["test", "--target", crate.triple, "--test", "boundary"],
            [
                "CARGO_REGISTRY_TOKEN": "canary", "AWS_SECRET_ACCESS_KEY": "canary",
                "PASSED": "through",
            ]
        )
        #expect(test.code == 0, "\(test.output)\(test.errors)")
        let made = try String(contentsOfFile: volume.appending("made").string, encoding: .utf8)
        #expect(made == "inside")
    }

    @Test func whatIsWrittenToAProjectAndDroppedIsListed() async throws {
        try crate.write(
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
        let build = try await crate.cross(
            ["build", "--target", crate.triple],
            ["CROSS_BUILD_PROJECT": "discard"]
        )
        #expect(build.code == 101, "\(build.errors)")
        for line in [
            "note: dropped: \(crate.path)/Cargo.toml", "note: dropped: \(crate.path)/empty",
            "note: dropped: the removal of \(crate.path)/tests/program.rs",
        ] {
            #expect(build.errors.contains(line + "\n"), "\(build.errors)")
        }
        #expect(build.errors.contains("dropped: \(crate.path)/made/deep/"), "\(build.errors)")
        #expect(!build.errors.contains("\u{1b}[2J"))
        #expect(build.errors.ranges(of: "note: dropped").count == 4, "\(build.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: crate.path.string)
        #expect(!names.contains("made") && !names.contains("empty"))
    }

    @Test func whatABuildScriptWritesToCargosPackagesIsNotThereForTheNext() async throws {
        let cargo = crate.home.path.appending("poison")
        let poisoned = cargo.pushing("registry/src/index/other/build.rs")
        try crate.write("../poison/registry/src/index/other/build.rs", "original")
        try crate.write(
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
        let build = try await crate.cross(
            ["check", "--target", crate.triple],
            ["CARGO_HOME": cargo.string]
        )
        #expect(build.code == 0, "\(build.errors)")
        #expect(try String(contentsOfFile: poisoned.string, encoding: .utf8) == "original")
        let names = try FileManager.default.contentsOfDirectory(
            atPath: poisoned.removingLastComponent().string
        )
        #expect(names == ["build.rs"])
    }

    @Test func anOfflineBuildHasNoNetworkAtAll() async throws {
        try crate.write(
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
        let words = ["test", "--offline", "--target", crate.triple, "--test", "network"]
        let test = try await crate.cross(words)
        #expect(test.code == 0, "\(test.output)\(test.errors)")
    }
}
