// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import ServerTestSupport
import SystemPackage
import Testing

/// `cross-fetch` after it has given up what it does not need.
@Suite struct ConfinementTests {
    private struct Report: Decodable {
        struct Attempts: Decodable {
            var writingElsewhere, readingHome, runningPrograms, listening, signalling,
                usingStore: Bool
        }
        struct Facts: Decodable {
            var landlock: Int
            var files, ports, signals, programs, privileges, memory: Bool
        }
        var attempts: Attempts
        var facts: Facts
    }

    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func whatIsNotNeededIsRefused() throws {
        try directory.write("home/.ssh/id", "secret")
        let result = try Command(
            crossFetch,
            "confinement",
            "--format",
            "json",
            "--store",
            directory.path.appending("store").string,
            environment: ["HOME": directory.path.appending("home").string]
        ).check(in: directory)
        let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
        // A kernel without them still refuses the rest, which is all that can be had there.
        #expect(report.attempts.writingElsewhere == (report.facts.landlock >= 2))
        #expect(report.attempts.readingHome == (report.facts.landlock >= 2))
        #expect(report.attempts.listening == (report.facts.landlock >= 4))
        #expect(report.attempts.signalling == (report.facts.landlock >= 6))
        #expect(report.attempts.runningPrograms && report.attempts.usingStore)
        #expect(report.facts.programs && report.facts.privileges && report.facts.memory)
        #expect(
            try FileManager.default
                .contentsOfDirectory(atPath: directory.path.appending("home").string) == [".ssh"]
        )
    }

    /// The calls of a whole pull: all that is foreign is read after the last program was started.
    @Test func noProgramIsRunAfterTheFirstByteOfAStranger() throws {
        let image = ImageFixture()
        let server = try ScriptedServer { image.answer($0) }
        let log = directory.path.appending("calls")
        let result = try Command(
            "strace",
            "-f",
            "-o",
            log.string,
            "-e",
            "trace=execve,execveat,fork,vfork,clone,clone3,connect,landlock_restrict_self,seccomp",
            crossFetch,
            "image",
            "127.0.0.1:\(server.port)/test/image",
            "--platform",
            "linux/amd64",
            "--store",
            directory.path.appending("store").string,
            environment: ["HOME": directory.path.string]
        ).run(in: directory)
        // The layers are noise and no archives, which is what is said after all of them have come.
        #expect(result.errors.contains("cannot be unpacked"))
        let calls = try String(contentsOfFile: log.string, encoding: .utf8).split(separator: "\n")
        let first = try #require(calls.firstIndex { $0.contains("connect(") })
        let confined = try #require(
            calls.firstIndex { $0.contains("seccomp(SECCOMP_SET_MODE_FILTER") }
        )
        #expect(confined < first)
        #expect(calls.count { $0.contains("execve") } == 1)
        // Threads are all that is started.
        for call in calls[confined...] where call.contains("clone(") && call.contains("flags=") {
            #expect(call.contains("CLONE_THREAD"))
        }
    }

    @Test func aCredentialHelperIsAskedByAProcessThatWasStartedBefore() throws {
        let image = ImageFixture()
        let server = try ScriptedServer { request in
            request.headers["authorization"] == "Basic aGVscGVkOnM="
                ? image.answer(request)
                : Reply(401, headers: ["WWW-Authenticate": "Basic realm=\"r\""])
        }
        let helper = try directory.write(
            "bin/docker-credential-test",
            """
            #!/bin/sh
            echo '{"Username":"helped","Secret":"s"}'
            """
        )
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: helper.string
        )
        try directory.write("docker/config.json", #"{"credsStore":"test"}"#)
        let result = try Command(
            crossFetch,
            "image",
            "127.0.0.1:\(server.port)/test/image",
            "--platform",
            "linux/amd64",
            "--store",
            directory.path.appending("store").string,
            environment: [
                "DOCKER_CONFIG": directory.path.appending("docker").string,
                "PATH": "\(directory.path.appending("bin")):/usr/bin:/bin",
            ]
        ).run(in: directory)
        #expect(result.errors.contains("cannot be unpacked"))
        #expect(server.requests.contains { $0.path.contains("/blobs/") })
    }
}

/// The program of this package beside the tests'.
let crossFetch: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    return FilePath(own ?? "").removingLastComponent().appending("cross-fetch").string
}()
