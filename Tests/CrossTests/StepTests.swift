// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Foundation
import OCIStore
import SystemPackage
import Testing

@testable import cross

/// Steps that prepare a root filesystem: each is done once, and keeps what it did.
@Suite struct StepTests: ~Copyable {
    private let ground: StepGround

    init() throws {
        ground = try StepGround()
    }

    private func step(_ script: String) -> BuildStep {
        BuildStep(title: "step", arguments: ["/bin/sh", "-ec", script])
    }

    @Test func whatAStepMakesIsTheTreeThatItSaw() throws {
        let first = try ground.result(
            step(
                "mkdir -p /tree/below /gone; echo old >/tree/file; echo x >/gone/x; ln -s tree /link"
            )
        )
        let listing = """
            for path in $(find / -xdev | sort); do
                case $path in /run/cross* | /proc | /sys | /dev | /etc/host* | /etc/resolv*) continue ;; esac
                stat -c '%n %a %F %s %N' "$path"
            done >/listing
            """
        let second = try ground.result(
            step(
                """
                echo new >/tree/file; mv /tree/below /tree/moved; rm -r /gone; mkdir -m 700 /gone
                rm /link; mkdir /link; echo x >/link/y; mkfifo /pipe; chmod 600 /tree/file
                ln /tree/file /tree/again; rm /bin/who; ln -s /nowhere /bin/who
                touch /listing; \(listing)
                """
            ),
            above: first
        )
        let saw = try ground.content(second, "listing").split(separator: "\n")
        #expect(saw.count > 30)
        let made = try ground.result(
            step(listing.replacing("/listing", with: "/again")),
            above: second
        )
        let kept = try ground.content(made, "again").split(separator: "\n")
        let own: (Substring) -> Bool = { !$0.hasPrefix("/listing") && !$0.hasPrefix("/again") }
        // What a directory's own size is, the file system decides.
        #expect(
            saw.filter(own).filter { !$0.contains(" directory ") }
                == kept.filter(own).filter { !$0.contains(" directory ") }
        )
    }

    @Test func aStepIsDoneOnceAndWhatFollowsAChangeIsDoneAgain() throws {
        let random = step("cat /proc/sys/kernel/random/uuid >/random")
        let one = try ground.result(random)
        #expect(try ground.result(random) == one)
        let second = try ground.result(random, above: one)
        #expect(second != one && second.layers.dropLast() == one.layers)
        var changed = random
        changed.environment["X"] = "1"
        let other = try ground.result(changed)
        #expect(other != one)
        #expect(try ground.result(random, above: other).layers != second.layers)
    }

    @Test func theKeyIsOfEverythingThatTheResultDependsOn() {
        let base = Digest.of([1])
        let plain = step("true")
        var others = Array(repeating: plain, count: 5)
        others[0].arguments = ["/bin/sh"]
        others[1].environment["A"] = "b"
        others[2].workingDirectory = "/tmp"
        others[3].files = [StepFile(path: "/f", content: [1])]
        others[4].files = [StepFile(path: "/f", content: [1], mode: 0o755)]
        let keys = others.map { $0.key(above: base) } + [plain.key(above: Digest.of([2]))]
        #expect(Set(keys + [plain.key(above: base)]).count == 7)
        var renamed = plain
        renamed.title = "other words"
        #expect(renamed.key(above: base) == plain.key(above: base))
    }

    @Test func aStepThatFailsLeavesNothing() throws {
        let before = try ground.names(in: "layers")
        #expect(throws: StepError.self) {
            try ground.result(step("echo x >/made; mkdir -m 0 /closed; exit 7"))
        }
        #expect(try ground.names(in: "layers") == before)
        #expect(try ground.names(in: "tmp") == ["downloads"])
        #expect(try ground.names(in: "steps") == [])
    }

    @Test func ofTwoAtOnceOneDoesIt() throws {
        let random = step("sleep 0.3; cat /proc/sys/kernel/random/uuid >/random")
        let runner = try ground.runner()
        let base = ground.base
        let results = Results()
        DispatchQueue.concurrentPerform(iterations: 3) { _ in
            guard let record = try? runner.result(of: random, above: base) else { return }
            results.add(record)
        }
        #expect(results.all.count == 3 && Set(results.all).count == 1)
    }

    @Test func filesOfAStepAreThereAndLeaveNoTrace() throws {
        var step = step(
            "cat /some/where/file >/kept; stat -c %a /some/where/file >>/kept; hostname >>/kept"
        )
        step.files = [
            StepFile(path: "/some/where/file", content: Array("text\n".utf8), mode: 0o750)
        ]
        let record = try ground.result(step)
        #expect(try ground.content(record, "kept") == "text\n750\ncross\n")
        #expect(try ground.names(of: record) == ["bin", "etc", "kept", "proc", "tmp"])
    }

    // MARK: pre-build

    private func preBuild(_ lines: [String]) throws -> StepRecord {
        try ground.result(
            try PreBuild.lines(lines).step(Target(StepGround.triple), ground.rootfs())
        )
    }

    @Test func linesShareAShell() throws {
        let record = try preBuild([
            "mkdir /here && cd /here", "export A=b C='d e'", #"echo "$A $C $PWD $0" >/said"#,
            "echo $CROSS_TARGET $CROSS_DEB_ARCH >>/said", "id -u >>/said",
        ])
        #expect(
            try ground.content(record, "said") == "b d e /here sh\n\(StepGround.triple) arm64\n0\n"
        )
    }

    @Test(arguments: [
        (["true", "false", "touch /reached"], "line 2, `false`", 1),
        (["false && true", "true"], "line 1, `false && true`", 1),
        (["true", "false; true", "true"], "line 2, `false; true`", 1),
        (["true", "exit 3", "true"], "line 2, `exit 3`", 3),
        (["nonsense-of-a-command"], "line 1, `nonsense-of-a-command`", 127),
    ])
    func theFirstLineThatFailsIsTheLastAndNamed(
        lines: [String],
        part: String,
        status: Int32
    ) throws {
        let failure = StepError.failed(
            StepFailure(title: "pre-build", part: part, end: .status(status))
        )
        #expect(throws: failure) { try preBuild(lines) }
    }

    @Test func aCommandMayTakeSeveralLines() throws {
        let record = try preBuild([
            "if true; then", "echo yes >/said", "fi", "cat >>/said <<END", "text", "END",
            #"echo a \"#, "  b >>/said",
        ])
        #expect(try ground.content(record, "said") == "yes\ntext\na b\n")
        #expect(throws: StepError.self) { try preBuild(["if true; then", "false", "true", "fi"]) }
    }

    @Test func aScriptGetsTheTripleAndIsNotKept() throws {
        try ground.directory.write("script", "echo \"$0 $# $1 $PWD\" >/said\n")
        let step = try PreBuild.script(ground.directory.path.appending("script"))
            .step(Target(StepGround.triple), ground.rootfs())
        let record = try ground.result(step)
        #expect(
            try ground.content(record, "said") == "/pre-build-script 1 \(StepGround.triple) /\n"
        )
        #expect(try !ground.names(of: record).contains("pre-build-script"))
        try ground.directory.write("script", "#!/bin/sh\nfalse\nexit 4\n")
        let changed = try PreBuild.script(ground.directory.path.appending("script"))
            .step(Target(StepGround.triple), ground.rootfs())
        #expect(throws: StepError.self) { try ground.result(changed) }
    }

    @Test func ofTheMachinesAptOnlyTransportIsPassedOn() {
        let dump = """
            APT::Sandbox::User "_apt";
            Acquire::http::Proxy "http://proxy.example:3128";
            Acquire::http::Proxy-Auto-Detect "/usr/bin/find-proxy";
            Acquire::https::CAInfo "/etc/own.pem";
            Acquire::https::Verify-Peer "true";
            Acquire::Check-Valid-Until "false";
            Acquire::Languages "none";
            Dir::Etc "etc/apt";
            """
        #expect(
            MachineApt.transport(dump) == [
                #"Acquire::http::Proxy "http://proxy.example:3128";"#,
                #"Acquire::https::Verify-Peer "true";"#,
                #"Acquire::Check-Valid-Until "false";"#,
            ]
        )
    }
}
