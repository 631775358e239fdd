// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage
import Testing

@testable import Sandbox

@Suite struct SpecTests {
    let spec = SandboxSpec(
        root: "/store/rootfs/1",
        mounts: [
            Mount(target: "/source", kind: .bind("/home/me/source", .readOnly, missing: .fail)),
            Mount(target: "/target", kind: .bind("/home/me/t", .readWrite, missing: .skip)),
            Mount(target: "/home/me", kind: .temporary(mode: 0o700)),
            Mount(target: "/scribble", kind: .overlay(lower: "/home/me/source")),
        ],
        environment: ["PATH=/usr/bin", "ODD=a\u{1B}[0m"],
        workingDirectory: "/source",
        arguments: ["cargo", "build all"],
        network: .none,
        binaryFormats: [
            BinaryFormat(name: "arm", magic: [0x7f], mask: [0xff], interpreter: "/q")
        ],
        hostname: "cross"
    )

    @Test func aSpecSaysAllOfItselfOneFactALine() {
        #expect(
            spec.description == #"""
                root "/store/rootfs/1"
                bind "/source" from "/home/me/source" read-only
                bind "/target" from "/home/me/t" read-write if present
                temporary "/home/me" mode 0700
                overlay "/scribble" over "/home/me/source"
                format "arm" by "/q"
                network none
                hostname "cross"
                environment "PATH"
                environment "ODD"
                directory "/source"
                command "cargo" "build all"
                """#
        )
    }

    @Test func specsThatDifferInOneFactAreNotEqual() {
        var other = spec
        #expect(other == spec)
        other.mounts[1].kind = .bind("/home/me/t", .readWrite, missing: .fail)
        #expect(other != spec)
    }

    @Test func theSpecsMountsComeAfterOursAndBinaryFormatsOnlyWhereAsked() {
        let steps = StandardSteps.all(for: spec, on: [])
        #expect(steps.suffix(4).map(\.target) == spec.mounts.map(\.target))
        #expect(steps.contains { $0.target == "/proc/sys/fs/binfmt_misc" })
        let plain = StandardSteps.all(
            for: SandboxSpec(root: "/", arguments: ["true"]),
            on: []
        )
        #expect(!plain.contains { $0.target == "/proc/sys/fs/binfmt_misc" })
    }

    @Test func aBinaryFormatIsRegisteredInTheKernelsLine() {
        let format = BinaryFormat(
            name: "x",
            magic: [0x7f, 0],
            mask: [0xff, 1],
            interpreter: "/a:b"
        )
        let text = String(decoding: format.registration, as: UTF8.self)
        #expect(text == "\u{1}x\u{1}M\u{1}\u{1}\\x7f\\x00\u{1}\\xff\\x01\u{1}/a:b\u{1}PF")
    }

    @Test(arguments: [
        ("cargo", ["A=1", "PATH=/a:/b", "PATH=/c"], ["/a/cargo", "/b/cargo"]),
        ("cargo", ["PATH=/a::"], ["/a/cargo", "./cargo", "./cargo"]),
        ("cargo", [], ["/usr/bin/cargo", "/bin/cargo"]),
        ("./cargo", ["PATH=/a"], ["./cargo"]),
        ("/opt/cargo", [], ["/opt/cargo"]),
        ("", ["PATH=/a"], []),
    ])
    func aProgramIsLookedUpAsExecvpDoes(
        program: String,
        environment: [String],
        expected: [String]
    ) {
        #expect(candidates(for: program, in: environment) == expected)
    }

    private static let ends: [(Int32, Sandbox.ExitStatus, Int32)] = [
        (0x0000, .exited(0), 0), (0x0100, .exited(1), 1), (0xff00, .exited(255), 255),
        (0x000f, .signaled(15), 143), (0x0086, .signaled(6), 134),
    ]

    @Test(arguments: ends)
    func aWaitStatusIsReadAsWaitDocumentsIt(raw: Int32, status: Sandbox.ExitStatus, code: Int32) {
        #expect(Sandbox.ExitStatus(waitStatus: raw) == status)
        #expect(status.code == code)
    }
}
