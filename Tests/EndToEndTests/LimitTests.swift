// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

/// A build script that eats up what there is, and what comes of it.
@Suite(.serialized) struct LimitTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let project: FilePath

    init() throws {
        let home = try Home()
        let project = try home.project("[build]\nrootfs = \"debian\"\n")
        try home.write(Self.script, to: project.appending("build.rs"))
        self.home = home
        self.project = project
    }

    // Each meal has an end, in case nobody minds.
    private static let script = """
        use std::process::{exit, Command, Stdio};
        fn main() {
            let mut memory = Vec::new();
            let mut processes = Vec::new();
            match std::env::var("CROSS_TEST_EATS").as_deref() {
                Ok("memory") => for _ in 0..256 { memory.push(vec![1u8; 16 << 20]); },
                Ok("processes") => for count in 0..3000 {
                    // Cargo waits for whoever holds the script's streams.
                    let mut sleep = Command::new("sleep");
                    sleep.arg("1000").stdout(Stdio::null()).stderr(Stdio::null());
                    match sleep.spawn() {
                        Ok(process) => processes.push(process),
                        Err(error) => { eprintln!("after {count}: {error}"); exit(1); }
                    }
                },
                _ => {}
            }
        }
        """

    private func words(_ environment: [String: String]) throws -> [String] {
        let store = ["CROSS_STORE": try SharedStore.path().string]
        return home.command(
            [home.machine.program("cross"), "build", "--target", Self.triple],
            store.merging(environment) { $1 }
        )
    }

    private func run(_ program: String, _ words: [String]) async throws -> Outcome {
        let started = ContinuousClock.now
        let result = try await Subprocess.run(
            .path(FilePath(program)),
            arguments: Arguments(words),
            workingDirectory: project,
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        return Outcome(
            status: result.terminationStatus,
            output: result.standardOutput,
            errors: result.standardError,
            duration: ContinuousClock.now - started
        )
    }

    @Test func aForkBombEndsAtTheLimitAndSaysWhy() async throws {
        let build = try await run(
            "/usr/bin/env",
            words(["CROSS_BUILD_PROCESS_LIMIT": "100", "CROSS_TEST_EATS": "processes"])
        )
        #expect(build.code == 101, "\(build.errors)")
        #expect(build.errors.contains("Resource temporarily unavailable"), "\(build.errors)")
    }

    // Makes a group that is the user's, with one in it for his session, as systemd does; fails where
    // this is not root or the machine's groups cannot be changed.
    private static let delegation = """
        set -e
        if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
            base=/sys/fs/cgroup$(sed -n 's,^0::,,; s,/$,,; p' /proc/self/cgroup)
            until grep -qw memory "$base/cgroup.subtree_control"; do
                [ "$base" != /sys/fs/cgroup ]
                base=${base%/*}
            done
            mkdir "$base/$0"
            echo "+memory +pids" >"$base/$0/cgroup.subtree_control"
        else
            base=/sys/fs/cgroup/memory$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
            mkdir "$base/$0"
        fi
        mkdir "$base/$0/session"
        chown -R "$1" "$base/$0"
        echo "$base/$0"
        """

    @Test func amongOthersGroupsNoMemoryIsLimitedAndThatIsSaid() async throws {
        try await withDelegatedGroup { group in
            // Where a group is the user's already, there is nothing to be said.
            guard group != nil || getuid() == 0 else { return }
            let build = try await run("/usr/bin/env", words(["CROSS_BUILD_MEMORY_LIMIT": "600M"]))
            #expect(build.code == 0, "\(build.errors)")
            #expect(build.errors.contains("nothing keeps the build within its limits"))
            #expect(build.errors.contains("--user --property=MemoryMax=629145600 cross"))
        }
    }

    @Test func aBuildThatEatsMemoryIsEndedAndToldWhyWhereTheGroupIsTheUsers() async throws {
        try await withDelegatedGroup { group in
            guard let group else {
                #expect(getuid() != 0, "root could not make a control group; nothing was tested")
                return
            }
            let build = try await run(
                "/bin/sh",
                ["-c", "echo $$ >\"$0/session/cgroup.procs\" && exec env \"$@\"", group.string]
                    + words(["CROSS_BUILD_MEMORY_LIMIT": "600M", "CROSS_TEST_EATS": "memory"])
            )
            #expect(build.code == 101, "\(build.errors)")
            #expect(build.errors.contains("SIGKILL"), "\(build.errors)")
            #expect(build.errors.contains("629145600 bytes of `memory-limit`"), "\(build.errors)")
            let left = try FileManager.default.contentsOfDirectory(atPath: group.string)
            #expect(!left.contains { $0.hasPrefix("cross-") })
        }
    }

    private func withDelegatedGroup(_ body: (FilePath?) async throws -> Void) async throws {
        let made = try await run(
            "/bin/sh",
            ["-c", Self.delegation, "test-\(UUID().uuidString)", home.machine.user]
        )
        guard made.code == 0 else { return try await body(nil) }
        let group = FilePath(String(made.output.dropLast()))
        let result: Result<Void, any Error>
        do { result = .success(try await body(group)) } catch { result = .failure(error) }
        _ = try await run("/bin/rmdir", [group.appending("session").string, group.string])
        try result.get()
    }
}
