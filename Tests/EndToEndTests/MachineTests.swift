// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// Programs on an emulated machine with the distribution's kernel, `runner = "qemu-system"`.
@Suite(.serialized) struct MachineTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let project: FilePath

    init() throws {
        let home = try Home()
        let project = try home.project(
            """
            [build]
            rootfs = "debian"
            [target.\(Self.triple)]
            runner = "qemu-system"
            """
        )
        for (name, text) in [
            ("src/lib.rs", Self.library), ("src/main.rs", Self.program),
            ("tests/machine.rs", Self.tests),
        ] {
            try home.write(text, to: project.pushing(FilePath(name)))
        }
        self.home = home
        self.project = project
    }

    private static let library = """
        #[test]
        fn one() { assert_eq!(std::env::consts::ARCH, "aarch64"); }
        #[test]
        fn another() { assert!(std::env::current_dir().unwrap().join("Cargo.toml").exists()); }
        """

    // Says what it was given, and ends with the status that it was told.
    private static let program = """
        use std::io::{Read, Write};
        fn main() {
            let mut input = Vec::new();
            std::io::stdin().read_to_end(&mut input).unwrap();
            let arguments: Vec<String> = std::env::args().skip(1).collect();
            println!("{arguments:?} {:?} {}", std::env::var("TOLD"), input.len());
            eprintln!("{}", std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap().trim());
            std::io::stdout().write_all(&[0, 10, 13, 255, b'\\n']).unwrap();
            std::process::exit(arguments[0].parse().unwrap());
        }
        """

    // What a machine has to itself, what it shares, and processes left behind, which must hold nothing up.
    private static let tests = """
        use std::os::unix::net::{UnixListener, UnixStream};
        use std::process::Command;
        #[test]
        fn it_spawns_the_program_without_any_environment() {
            let mut command = Command::new(env!("CARGO_BIN_EXE_small"));
            assert_eq!(command.arg("7").env_clear().status().unwrap().code(), Some(7));
        }
        #[test]
        fn the_target_directory_is_shared() {
            let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/written");
            std::fs::write(file, std::env::consts::ARCH).unwrap();
            assert_eq!(std::fs::read_to_string(file).unwrap(), "aarch64");
        }
        #[test]
        fn the_project_is_read_only() {
            assert!(std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/written"), "").is_err());
        }
        #[test]
        fn a_socket_can_be_bound_and_connected_to() {
            let path = std::env::temp_dir().join("socket");
            let _listener = UnixListener::bind(&path).unwrap();
            UnixStream::connect(&path).unwrap();
        }
        #[test]
        fn it_is_the_caller() {
            use std::os::unix::fs::MetadataExt;
            let me = std::fs::metadata("/proc/self").unwrap().uid();
            assert_eq!(me, std::fs::metadata(env!("CARGO_TARGET_TMPDIR")).unwrap().uid());
        }
        #[test]
        fn a_process_may_stay_behind() {
            Command::new("/proc/self/exe").args(["--ignored", "--exact", "sleeps"]).spawn().unwrap();
        }
        #[test]
        #[ignore]
        fn sleeps() { std::thread::sleep(std::time::Duration::from_secs(100_000)); }
        """

    private func cross(
        _ words: [String],
        _ environment: [String: String] = [:],
        _ input: String = "/dev/null"
    ) async throws -> Outcome {
        let store = ["CROSS_STORE": try SharedStore.path().string]
        return try await home.run(
            ["/bin/sh", "-c", "input=$1; shift; exec \"$@\" <\"$input\"", "sh", input]
                + [home.machine.program("cross")] + words,
            in: project,
            environment: store.merging(environment) { $1 }
        )
    }

    @Test func aCrateIsTestedOnAMachineOfTheTargets() async throws {
        let test = try await cross(["test", "--target", Self.triple])
        #expect(test.code == 0, "\(test.errors)\(test.output)")
        #expect(test.output.contains("test result: ok. 2 passed"))
        #expect(test.output.contains("test result: ok. 6 passed; 0 failed; 1 ignored"))
        let written = try String(
            contentsOfFile: project.pushing(FilePath("target/\(Self.triple)/tmp/written")).string,
            encoding: .utf8
        )
        #expect(written == "aarch64")
    }

    @Test func whatGoesInAndComesOutIsTheProgramsOwn() async throws {
        let input = home.path.appending("input")
        try Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0) })
            .write(to: URL(filePath: input.string))
        try home.give(input)
        let run = try await cross(
            ["run", "--quiet", "--target", Self.triple, "--", "23", "a  b", "it's", ""],
            ["CROSS_BUILD_ENV_PASSTHROUGH": "TOLD=x'\"y"],
            input.string
        )
        #expect(run.code == 23, "\(run.errors)")
        #expect(
            run.output.hasPrefix(
                "[\"23\", \"a  b\", \"it's\", \"\"] Ok(\"x'\\\"y\") 300000\n\u{0}\n\r"
            ),
            "\(run.output)"
        )
        // The kernel is the distribution's for the target, and nobody else says a word.
        #expect(run.errors.hasSuffix("-arm64\n") && run.errors.split(separator: "\n").count == 1)
    }

    @Test func whereNoKernelIsPackagedThatIsSaidBeforeAnythingIsFetched() async throws {
        let variables = [
            "CROSS_TARGET_POWERPC64_UNKNOWN_LINUX_GNU_RUNNER": "qemu-system",
            "CROSS_STORE": home.store.string,
        ]
        let test = try await cross(["test", "--target", "powerpc64-unknown-linux-gnu"], variables)
        #expect(test.code == 125)
        #expect(test.errors.contains("no kernel"), "\(test.errors)")
        #expect(test.errors.contains("`qemu-user`"))
        let names = try FileManager.default.contentsOfDirectory(
            atPath: home.store.appending("rootfs").string
        )
        #expect(names.isEmpty)
    }
}
