// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

/// Imitations of the containers that CI systems give to jobs, which only root can make.
private enum Containers {
    /// The program that runs a command in one; `nil` where this machine has none.
    static let program: String? = {
        guard let path = ProcessInfo.processInfo.environment["CROSS_TEST_CONTAINERS"],
            getuid() == 0, FileManager.default.isExecutableFile(atPath: path)
        else { return nil }
        return path
    }()

    /// A directory of this machine that they share, as engines share volumes.
    struct Volume: ~Copyable {
        let path: FilePath

        init() throws {
            let path = FilePath("/tmp/ci-volume/cross-\(UUID().uuidString)")
            try FileManager.default.createDirectory(
                atPath: path.string,
                withIntermediateDirectories: true
            )
            self.path = path
        }

        deinit {
            try? FileManager.default.removeItem(atPath: path.string)
        }
    }
}

/// The main job where the full sandbox is not to be had, on each rung that containers lead to.
@Suite(
    .serialized,
    .enabled(
        if: Containers.program != nil,
        "containers are made by root, with CROSS_TEST_CONTAINERS"
    )
)
struct ContainerTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let crate: FilePath

    init() throws {
        let home = try Home()
        crate = try Self.smallCrate(home)
        self.home = home
    }

    /// A program, a test that starts it, and nothing to compile besides.
    private static func smallCrate(_ home: borrowing Home) throws -> FilePath {
        let image = home.machine.image("cross/aarch64:demo")
        let files = [
            "Cargo.toml": "[package]\nname = \"small\"\nversion = \"1.0.0\"\nedition = \"2021\"\n",
            "Cross.toml": "[target.\(triple)]\nimage = \"\(image)\"\n",
            "src/main.rs": "fn main() { println!(\"on {}\", std::env::consts::ARCH); }\n",
            "tests/start.rs": """
            #[test]
            fn a_program_for_the_target_can_be_started() {
                let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_small"));
                let output = program.env_clear().output().unwrap();
                assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "on aarch64");
            }
            """,
        ]
        let crate = home.path.appending("small")
        for (name, text) in files {
            let file = crate.pushing(FilePath(name))
            try FileManager.default.createDirectory(
                atPath: file.removingLastComponent().string,
                withIntermediateDirectories: true
            )
            try text.write(toFile: file.string, atomically: true, encoding: .utf8)
        }
        return crate
    }

    /// Runs a shell script in a container; what is below the home belongs to whoever runs it.
    private func shell(
        _ kind: String,
        _ script: String,
        _ variables: [String: String] = [:]
    ) async throws -> Outcome {
        let environment = [
            "HOME": home.path.string, "PATH": "/usr/bin:/bin",
            "SSL_CERT_FILE": home.path.appending("ca.crt").string,
            "REGISTRY_AUTH_FILE": home.path.appending("auth.json").string,
            "CROSS": home.machine.program("cross"), "CRATE": crate.string,
        ].merging(variables) { $1 }.map { "\($0)=\($1)" }
        let started = ContinuousClock.now
        let result = try await Subprocess.run(
            .path(FilePath(try #require(Containers.program))),
            arguments: Arguments(
                [kind, "/usr/bin/env", "-i"] + environment.sorted() + ["/bin/sh", "-c", script]
            ),
            output: .bytes(limit: 1 << 20),
            error: .bytes(limit: 1 << 20)
        )
        return Outcome(
            status: result.terminationStatus,
            output: String(decoding: result.standardOutput, as: UTF8.self),
            errors: String(decoding: result.standardError, as: UTF8.self),
            duration: ContinuousClock.now - started
        )
    }

    private func append(_ text: String, to name: String) throws {
        let file = crate.pushing(FilePath(name)).string
        let before = try String(contentsOfFile: file, encoding: .utf8)
        try (before + text).write(toFile: file, atomically: true, encoding: .utf8)
    }

    private func own(_ path: FilePath, as user: String) async throws {
        _ = try await Subprocess.run(
            .path("/bin/chown"),
            arguments: ["-R", "\(user):\(user)", path.string],
            output: .discarded
        )
    }

    @Test func aCrateIsBuiltAndTestedAsRoot() async throws {
        // The first of them pulls.
        let store = try Containers.Volume()
        try await own(home.path, as: "root")
        for kind in ["open", "docker-sysadmin", "podman"] {
            let outcome = try await shell(
                kind,
                "cd $CRATE && $CROSS build --target \(Self.triple) && $CROSS test --target \(Self.triple)",
                ["CROSS_STORE": store.path.string]
            )
            #expect(outcome.code == 0, "\(kind): \(outcome.errors)")
            #expect(outcome.output.contains("a_program_for_the_target_can_be_started ... ok"))
            // Two runs, one line each.
            let notes = outcome.errors.ranges(of: "note: not the full sandbox").count
            #expect(notes == (kind == "open" ? 0 : 2), "\(kind): \(outcome.errors)")
        }
    }

    /// A root filesystem that is prepared before, and a test that finds out.
    private func preparing() throws {
        let lines = [
            "test $(id -u):$(stat -c %u /etc) = 0:0", "touch /made; chown 1:2 /made; rm /etc/issue",
            "mknod /dev-null c 1 3; echo inside >> /made", "mv /etc/skel /etc/skeleton",
        ]
        let list = lines.map { "\"\($0)\"" }.joined(separator: ", ")
        try append("pre-build = [\(list)]\n", to: "Cross.toml")
        try append(
            """
            #[cfg(test)] const MADE: &str = include_str!("/made");
            #[test] fn it_is_prepared() {
                assert_eq!(MADE.trim(), "inside");
                let is_there = |path: &str| std::path::Path::new(path).exists();
                assert!(!is_there("/etc/issue") && !is_there("/etc/skel"));
                assert!(is_there("/etc/skeleton/.profile") && is_there("/etc/passwd"));
            }

            """,
            to: "src/main.rs"
        )
    }

    /// The store is on the container's own root, where no overlay can keep what is written, and in the
    /// second one there are no namespaces either.
    @Test(arguments: ["docker-sysadmin", "docker"])
    func aRootFilesystemIsPreparedWithoutAVolume(kind: String) async throws {
        try preparing()
        try await own(home.path, as: "root")
        let outcome = try await shell(kind, "cd $CRATE && $CROSS test --target \(Self.triple)")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("it_is_prepared ... ok"))
    }

    @Test func aCrateIsPulledForBuiltAndTestedAsAnOrdinaryUser() async throws {
        let store = try Containers.Volume()
        try preparing()
        for path in [home.path, store.path] { try await own(path, as: "1000") }
        let outcome = try await shell(
            "docker-unconfined",
            "cd $CRATE && $CROSS build --target \(Self.triple) && $CROSS test --target \(Self.triple)",
            ["CROSS_STORE": store.path.string]
        )
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("a_program_for_the_target_can_be_started ... ok"))
        #expect(outcome.output.contains("it_is_prepared ... ok"))
        #expect(outcome.errors.contains("note: not the full sandbox"))
    }

    @Test(arguments: [
        ("docker", "a system call filter forbids it"),
        ("k8s-restricted", "a system call filter forbids it"),
        ("no-userns", "user.max_user_namespaces is 0"),
    ])
    func whereNoRungHoldsTheDoctorNamesWhatForbidsIt(kind: String, reason: String) async throws {
        let outcome = try await shell(
            kind,
            "$CROSS doctor; echo status $?; CROSS_ISOLATION=namespaces $CROSS doctor --json",
            ["CROSS_STORE": "/tmp/cross-store"]
        )
        #expect(outcome.output.contains("[✗] user namespaces"))
        #expect(outcome.output.contains(reason), "\(outcome.output)")
        // Builds run there all the same, unless isolation is asked for.
        #expect(outcome.output.contains("[!] translated paths"), "\(outcome.output)")
        #expect(outcome.output.contains("status 0"))
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("\"canBuild\" : false"))
    }

    @Test func whereSomeRungHoldsTheDoctorSaysWhich() async throws {
        let outcome = try await shell("docker-sysadmin", "$CROSS doctor")
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
        for name in ["/proc", "pivot_root", "namespace limit"] {
            #expect(outcome.output.contains("[!] \(name)"), "\(outcome.output)")
        }
        #expect(outcome.output.contains("[✓] overlay"))
    }
}
