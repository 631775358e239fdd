// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser

/// `cross-util doctor`, and `cross doctor`: what this machine gives, and what would give more.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tries what a build needs of this machine, and says what is missing.",
        discussion: "Exits with 1 where builds cannot run."
    )

    @Flag(help: "Write one JSON object.")
    var json = false

    /// What `--json` writes.
    struct Report: Codable {
        let canBuild: Bool
        let conclusion: String
        let findings: [Finding]
    }

    mutating func run() throws {
        let host = try Host.current()
        let doctor = Doctor(host: host, examination: Examination(host))
        let report = Report(
            canBuild: doctor.canBuild,
            conclusion: doctor.conclusion,
            findings: doctor.findings
        )
        StandardOutput.write(json ? try String(json: report) : Self.text(report))
        guard report.canBuild else { throw ExitCode(1) }
    }

    private static func text(_ report: Report) -> String {
        let width = report.findings.map(\.name.count).max() ?? 0
        let lines = report.findings.flatMap { finding in
            let name = finding.name + String(repeating: " ", count: width - finding.name.count)
            let remedies = finding.remedy?.split(separator: "\n").map { "      \($0)" } ?? []
            return ["[\(finding.mark)] \(name)  \(finding.detail)"] + remedies
        }
        return (lines + ["", "cross gives: \(report.conclusion)"]).joined(separator: "\n")
    }
}
