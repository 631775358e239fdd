// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Sandbox
import SystemPackage
import Testing

@testable import cross

/// What is said of a machine that gives no sandbox, or not the full one.
@Suite struct LadderTests {
    private func denial(
        _ stage: SandboxError.Stage,
        _ errno: Errno,
        _ change: (inout Surroundings) -> Void = { _ in }
    ) -> Denial? {
        var surroundings = Surroundings()
        surroundings.user = 1000
        surroundings.kernel = "5.4.0"
        change(&surroundings)
        return Denial(of: .failed(stage, path: nil, errno: errno), in: surroundings)
    }

    @Test func theSameErrnoIsToldApartByWhatTheMachineSays() {
        #expect(
            denial(.namespaces, .noSpace) { $0.maximumUserNamespaces = 0 }
                == .namespacesUsedUp(limit: 0)
        )
        #expect(
            denial(.namespaces, .notPermitted) { $0.systemCallFilter = "2" } == .systemCallFilter
        )
        #expect(
            denial(.namespaces, .notPermitted) { $0.unprivilegedUserNamespaces = 0 }
                == .unprivilegedNamespaces
        )
        #expect(denial(.namespaces, .notPermitted) { $0.isChrooted = true } == .chroot)
        #expect(denial(.namespaces, .invalidArgument) == .noNamespaces)
        #expect(
            denial(.identity, .permissionDenied) { $0.restrictsUserNamespaces = 1 }
                == .restrictedNamespaces
        )
        #expect(
            denial(.propagation, .permissionDenied) { $0.confinement = "docker-default (enforce)" }
                == .profile("docker-default (enforce)")
        )
        #expect(denial(.mount, .permissionDenied) == .securityModule)
        #expect(denial(.root, .noFunction) == .oldKernel("5.4.0"))
        #expect(denial(.source, .noSuchFileOrDirectory) == nil)
        #expect(denial(.workingDirectory, .notPermitted) == nil)
    }

    @Test func everyDenialNamesItsEvidenceAndACommand() {
        let error = SandboxError.failed(.namespaces, path: nil, errno: .notPermitted)
        let denials: [(Denial, String, String)] = [
            (.namespacesUsedUp(limit: 0), "user.max_user_namespaces is 0", "sysctl -w user.max"),
            (.unprivilegedNamespaces, "kernel.unprivileged_userns_clone", "sysctl -w kernel."),
            (.systemCallFilter, "system call filter", "seccomp=unconfined"),
            (.restrictedNamespaces, "apparmor_restrict", "sysctl -w kernel.apparmor"),
            (.profile("docker-default"), "`docker-default`", "apparmor=unconfined"),
        ]
        for (denial, evidence, command) in denials {
            let explanation = Explanation(of: LadderError.denied(denial, error))
            #expect(explanation.text.contains("cannot create user and mount namespaces"))
            #expect(explanation.text.contains(evidence))
            #expect(explanation.hint?.contains(command) == true)
            #expect(explanation.status == 125)
        }
    }

    @Test func aRungIsRememberedForTheSameSurroundingsOnly() throws {
        let directory = FilePath(NSTemporaryDirectory()).appending("rung-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: directory.string) }
        let host = Host(
            environment: ["XDG_CACHE_HOME": directory.string, "CROSS_STORE": "/usr/store"],
            workingDirectory: "/",
            userName: nil,
            home: nil
        )
        let memory = RungMemory(host)
        #expect(memory.rung == [])
        memory.keep([.boundProcesses, .coveringRoot])
        #expect(RungMemory(host).rung == [.boundProcesses, .coveringRoot])
        let file = directory.appending("cross/rung").string
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try (text + "x").write(toFile: file, atomically: true, encoding: .utf8)
        #expect(RungMemory(host).rung == [])
        memory.keep([])
        memory.keep(.coveringRoot)
        memory.keep([])
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test func everyRungIsInWords() {
        for rung in (0..<8).map({ Rung(rawValue: 1 << $0) }) where rung != .watchedExecutions {
            #expect(rung.shortcomings.count == 1)
        }
        #expect(Rung().shortcomings == [])
        #expect(Rung.watchedExecutions.shortcomings == [])
    }
}
