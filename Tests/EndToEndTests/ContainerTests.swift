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

    private func own(_ path: FilePath, as user: String) async throws {
        _ = try await Subprocess.run(
            .path("/bin/chown"),
            arguments: ["-R", "\(user):\(user)", path.string],
            output: .discarded
        )
    }

    @Test(arguments: ["docker-sysadmin", "podman", "open"])
    func aCrateIsBuiltAndTestedAsRoot(kind: String) async throws {
        // Root's store is one that others have filled: what it writes there is gone with the container.
        let store = try SharedStore.path()
        _ = try await home.run(
            [home.machine.program("cross-util"), "pull", home.machine.image("cross/aarch64:demo")],
            environment: ["CROSS_STORE": store.string]
        )
        try await own(home.path, as: "root")
        let outcome = try await shell(
            kind,
            "cd $CRATE && $CROSS build --target \(Self.triple) && $CROSS test --target \(Self.triple)",
            ["CROSS_STORE": store.string]
        )
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("a_program_for_the_target_can_be_started ... ok"))
        // Two runs, one line each.
        let notes = outcome.errors.ranges(of: "note: not the full sandbox").count
        #expect(notes == (kind == "open" ? 0 : 2), "\(outcome.errors)")
    }

    @Test func aCrateIsPulledForBuiltAndTestedAsAnOrdinaryUser() async throws {
        let store = try Containers.Volume()
        for path in [home.path, store.path] { try await own(path, as: "1000") }
        let outcome = try await shell(
            "docker-unconfined",
            "cd $CRATE && $CROSS build --target \(Self.triple) && $CROSS test --target \(Self.triple)",
            ["CROSS_STORE": store.path.string]
        )
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("a_program_for_the_target_can_be_started ... ok"))
        #expect(outcome.errors.contains("note: not the full sandbox"))
    }

    @Test(arguments: [
        ("docker", "a system call filter forbids it"),
        ("k8s-restricted", "a system call filter forbids it"),
        ("no-userns", "user.max_user_namespaces is 0"),
    ])
    func whereNothingHoldsTheDoctorNamesWhatForbidsIt(kind: String, reason: String) async throws {
        let outcome = try await shell(kind, "$CROSS doctor; echo status $?; $CROSS doctor --json")
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("[✗] user namespaces"))
        #expect(outcome.output.contains(reason), "\(outcome.output)")
        #expect(outcome.output.contains("status 1"))
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
