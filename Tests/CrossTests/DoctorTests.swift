// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Sandbox
import SystemPackage
import Testing

@testable import cross

/// What `cross doctor` makes of what it finds.
@Suite struct DoctorTests {
    private func states(_ outcome: Examination.Outcome) -> [String: Finding] {
        let findings = Examination(outcome: outcome).findings
        return Dictionary(findings.map { ($0.name, $0) }) { first, _ in first }
    }

    @Test func aStepDownIsNamedWithWhatWouldGiveIt() {
        let findings = states(.rung([.boundProcesses, .coveringRoot]))
        #expect(findings["/proc"]?.state == .reduced)
        #expect(findings["/proc"]?.remedy?.contains("systempaths=unconfined") == true)
        #expect(findings["pivot_root"]?.state == .reduced)
        #expect(findings["overlay"]?.state == .ok)
        #expect(!findings.values.contains { $0.state == .missing })
    }

    @Test func whatFailsIsMissingAndWhatComesAfterIsUnknown() {
        let error = SandboxError.failed(.identity, path: nil, errno: .permissionDenied)
        let findings = states(.failed(error, .restrictedNamespaces))
        #expect(findings["user namespaces"]?.state == .ok)
        #expect(findings["id map"]?.state == .missing)
        #expect(findings["id map"]?.remedy?.contains("apparmor_restrict") == true)
        #expect(findings["mounts"]?.state == .unknown)
        #expect(findings["system call filter"]?.state == .unknown)
    }

    @Test func aKernelWithoutBinaryFormatsIsReducedWhereNothingComesInTheirPlace() {
        func finding(_ rung: Rung) -> Finding? {
            Examination(outcome: .rung(rung)).findings.first { $0.name == "foreign programs" }
        }
        #expect(finding([])?.detail.contains("binary formats of the sandbox's own") == true)
        #expect(finding(.watchedExecutions)?.state == .ok)
        #expect(finding(.watchedExecutions)?.detail.contains("PID 1") == true)
        #expect(finding([.watchedExecutions, .onlyNativePrograms])?.state == .reduced)
    }

    @Test func thisMachineIsExaminedAsItIs() throws {
        let host = Host(
            environment: ["PATH": ""],
            workingDirectory: "/",
            userName: nil,
            home: nil
        )
        let doctor = Doctor(host: host, examination: Examination(host))
        let findings = doctor.findings
        #expect(findings.first { $0.name == "kernel" }?.state == .ok)
        let examination = doctor.examination
        if case .rung = examination.outcome {
            #expect(examination.attempts == 40)
            #expect(examination.escapes == [])
        }
        // Nobody says where it is.
        #expect(findings.first { $0.name == "store" }?.state == .missing)
        let data = try JSONEncoder().encode(findings)
        #expect(try JSONDecoder().decode([Finding].self, from: data) == findings)
    }
}
