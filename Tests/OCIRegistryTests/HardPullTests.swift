// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import OCIStore
import ServerTestSupport
import SystemPackage
import Testing

extension RegistrySuites {
    /// `cross-fetch` where little is to be had.
    @Suite struct HardPullTests {
        let ground: PullGround

        var directory: TemporaryDirectory { ground.directory }
        var place: FilePath { directory.path.appending("place") }

        init() throws {
            ground = try PullGround()
        }

        /// What cannot be had is named once, and the next run goes on from there.
        @Test(arguments: [
            ("size=15m,nr_inodes=10000", ":", ["No space left on device", "hint: make room"]),
            ("size=1g,nr_inodes=30", ":", ["No space left on device", "hint: make room"]),
            ("size=1g,nr_inodes=10000", "ulimit -f 1000", ["File too large", "hint: let it"]),
            ("size=1g,nr_inodes=10000", "ulimit -n 20", []),
        ])
        func aLimitIsOneErrorAndTheNextRunGoesOn(
            _ disk: String,
            _ limit: String,
            _ words: [String]
        ) throws {
            let result = try pull(
                onDisk: disk,
                """
                (\(limit) && exec "$@")
                status=$?
                mount --options-mode=ignore -o remount,size=1g,nr_inodes=10000 '\(place)' && "$@" || exit 1
                exit $status
                """
            )
            #expect(result.status == 125, "\(result)")
            #expect(result.errors.components(separatedBy: "error:").count == 2)
            for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
        }

        /// Other layers' transfers are under way when the program ends, and have threads.
        @Test func theStatusOfAFailureIsItsOwnEachTime() throws {
            let fetch = ground.fetch("--quiet")
            let script = """
                ulimit -f 100
                for run in $(seq 40); do
                    "$@"
                    echo $?
                done
                """
            let result = try Command(
                arguments: ["sh", "-c", script, "sh"] + fetch.arguments,
                environment: fetch.environment
            ).run(in: directory)
            #expect(result.output == String(repeating: "125\n", count: 40), "\(result)")
        }

        /// The layers have ten million bytes.
        @Test func whatThereIsNoRoomForIsNotBegun() throws {
            let result = try pull(
                onDisk: "size=9m",
                """
                "$@"
                status=$?
                find '\(place)/store/tmp' -type f
                exit $status
                """
            )
            #expect(result.status == 125, "\(result)")
            #expect(result.errors.contains("what is missing has 9.5 MiB"), "\(result.errors)")
            #expect(result.errors.contains("hint: make room"), "\(result.errors)")
            #expect(result.output.isEmpty, "\(result.output)")
        }

        /// Runs a script that pulls with `"$@"` into a store on a file system of its own.
        private func pull(onDisk disk: String, _ script: String) throws -> Command.Result {
            try FileManager.default.createDirectory(
                atPath: place.string,
                withIntermediateDirectories: false
            )
            let command = ground.fetch("--quiet", store: place.appending("store"))
            return try Command(
                arguments: [
                    "unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
                    "mount -t tmpfs -o \(disk) tmpfs '\(place)'\n\(script)", "sh",
                ] + command.arguments,
                environment: command.environment
            ).run(in: directory)
        }

        /// None of these is a reason to fail; together, as they are harmless each.
        @Test func hardCircumstancesMakeNoDifference() throws {
            let gone = directory.path.appending("gone")
            let circumstances = """
                ulimit -v 524288; ulimit -s 256; umask 777; unset HOME
                mkdir -m 700 '\(gone)'; cd '\(gone)'; rmdir '\(gone)'
                export TERM=evil LC_ALL=POSIX TMPDIR=/nonexistent
                exec "$@" <&- >&- 2>&-
                """
            var command = ground.fetch()
            command = Command(
                arguments: ["sh", "-c", circumstances, "sh"] + command.arguments,
                environment: command.environment
            )
            try command.check(in: directory)
            try ground.expectWhole()
        }

        /// Whoever waits for a process that does not go on says for whom, and can be stopped.
        @Test func whoWaitsForAStoppedProcessSaysSoAndCanBeInterrupted() throws {
            let layer = try #require(try ground.layers().first)
            let stopped = try Command(
                "sh",
                "-c",
                """
                mkdir -p -m 700 "$1/locks" && exec 9>>"$1/locks/blob-$2" && flock 9 &&
                    echo "$$ stopped" >&9 && echo locked && kill -STOP $$
                """,
                "sh",
                ground.store.string,
                layer.hex
            ).start(in: directory)
            defer {
                kill(stopped.process.processIdentifier, SIGKILL)
                stopped.process.waitUntilExit()
            }
            try waitUntil(stopped.output, contains: "locked")
            let waiting = try ground.fetch().start(in: directory)
            let pid = stopped.process.processIdentifier
            try waitUntil(waiting.errors, contains: "waiting for stopped (pid \(pid))")
            kill(waiting.process.processIdentifier, SIGINT)
            #expect(try waiting.wait().signal == SIGINT)
        }

        @Test(arguments: ["/proc/store", "/dev/null/store"])
        func aStoreThatCannotBeMadeIsToBeElsewhere(_ path: String) throws {
            let result = try ground.fetch(store: FilePath(path)).run(in: directory)
            #expect(result.status == 125)
            #expect(result.errors.contains("hint: choose another store"))
        }

        private func waitUntil(_ file: FilePath, contains text: String) throws {
            for _ in 0..<1200 {
                let content = try String(contentsOfFile: file.string, encoding: .utf8)
                if content.contains(text) { return }
                usleep(25_000)
            }
            Issue.record("never said '\(text)'")
        }
    }
}
