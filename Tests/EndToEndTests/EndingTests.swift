// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

/// However a run is ended, nothing of it stays.
@Suite(.serialized) struct EndingTests: ~Copyable {
    private static let triple = "aarch64-unknown-linux-gnu"
    private let home: Home
    private let crate: FilePath
    /// What the daemon of the test sleeps, in seconds: nobody else sleeps as long.
    private let marker = "sleep \(Int.random(in: 1_000_000...9_000_000))"

    init() async throws {
        let home = try Home()
        let crate = try home.crate(image: home.machine.image("cross/aarch64:demo"))
        let test = """
            use std::{fs, process::Command, thread, time::Duration};

            #[test]
            fn it_waits_with_a_daemon() {
                let daemon = "trap '' HUP INT TERM; \(marker)";
                Command::new("setsid").args(["sh", "-c", daemon]).spawn().unwrap();
                thread::sleep(Duration::from_millis(300));
                fs::write("/target/started", "").unwrap();
                thread::sleep(Duration::from_secs(1000));
            }
            """
        try test.write(
            toFile: crate.appending("tests").appending("waits.rs").string,
            atomically: true,
            encoding: .utf8
        )
        try home.give(crate)
        self.home = home
        self.crate = crate
    }

    private var words: [String] {
        [home.machine.program("cross"), "test", "--target", Self.triple, "--test", "waits"]
    }

    private func command(_ words: [String]) throws -> [String] {
        home.command(words, ["CROSS_STORE": try SharedStore.path().string, "TERM": "xterm"])
    }

    /// Waits until the test inside is under way.
    private static func started(_ crate: FilePath) async throws {
        let file = crate.appending("target").appending("started").string
        for _ in 0..<1200 where !FileManager.default.fileExists(atPath: file) {
            try await Task.sleep(for: .milliseconds(100))
        }
        try #require(FileManager.default.fileExists(atPath: file), "the test has not begun")
    }

    /// Whether a process of the test's is there, seen from the host.
    private static func isAlive(_ marker: String) async throws -> Bool {
        let found = try await Subprocess.run(
            .path("/usr/bin/pgrep"),
            arguments: ["-f", "^\(marker)"],
            output: .string(limit: 4096)
        )
        return found.terminationStatus.isSuccess
    }

    private static func gone(_ marker: String, within limit: Duration) async throws -> Bool {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            if try await !isAlive(marker) { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    @Test(arguments: [(Signal.terminate, TerminationStatus.exited(143)), (.kill, .signaled(9))])
    func aSignalEndsItAll(signal: Signal, expected: TerminationStatus) async throws {
        let (crate, marker) = (crate, marker)
        let result = try await Subprocess.run(
            .path("/usr/bin/env"),
            arguments: Arguments(try command(words)),
            workingDirectory: crate,
            input: .none,
            output: .discarded,
            error: .discarded
        ) { execution in
            try await Self.started(crate)
            #expect(try await Self.isAlive(marker))
            try execution.send(signal: signal)
        }
        #expect(result.terminationStatus == expected)
        #expect(try await Self.gone(marker, within: .seconds(1)))
    }

    @Test func controlCAtATerminalEndsItWithinASecond() async throws {
        let (crate, marker) = (crate, marker)
        let line = (["/usr/bin/env"] + (try command(words))).map { "'\($0)'" }.joined(
            separator: " "
        )
        let result = try await Subprocess.run(
            .path("/usr/bin/script"),
            arguments: ["--quiet", "--return", "--command", line, "/dev/null"],
            workingDirectory: crate,
            input: .inputWriter,
            output: .discarded,
            error: .discarded
        ) { execution in
            try await Self.started(crate)
            #expect(try await Self.isAlive(marker))
            _ = try await execution.standardInputWriter.write([UInt8(3)])
            #expect(try await Self.gone(marker, within: .seconds(1)))
            try await execution.standardInputWriter.finish()
        }
        #expect(result.terminationStatus == .exited(130))
    }
}
