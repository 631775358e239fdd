// SPDX-License-Identifier: MIT OR Apache-2.0

import Sandbox
import SystemPackage

/// What a machine gives for a sandbox, found out by making one as a build does.
struct Examination {
    /// What came of the rehearsal.
    enum Outcome: Equatable {
        case rung(Rung)
        case failed(SandboxError, Denial?)
    }

    let outcome: Outcome

    /// What nothing inside may do, and was done in spite of it.
    var escapes: [String] = []
    /// How much of that was tried.
    var attempts = 0

    /// Tries.
    init(_ host: Host) {
        var spec = Rehearsal(host).spec
        let program: FilePath = "/doctor"
        if let own = FilePath("/proc/self/exe").symbolicLinkTarget {
            spec.mounts = [Mount(target: program, kind: .bind(own, .readOnly, missing: .fail))]
            let magic = Array("doctor".utf8)
            spec.binaryFormats = [
                BinaryFormat(
                    name: "doctor",
                    magic: magic,
                    mask: magic.map { _ in 0xff },
                    interpreter: program
                )
            ]
        }
        var tried: [String: Errno?] = [:]
        do throws(SandboxError) {
            let rung = try rehearse(spec, on: .withheld(by: host), attempting: true) { notice in
                guard case .attempted(let name, let errno) = notice else { return }
                tried.updateValue(errno, forKey: name)
            }
            outcome = .rung(rung)
        } catch {
            outcome = .failed(error, Denial(of: error, in: .current()))
        }
        attempts = tried.count
        escapes = tried.filter { !Self.isRefusal($0.value) }.keys.sorted()
    }

    /// The errors of refusals; any other means that a call was let through.
    private static func isRefusal(_ errno: Errno?) -> Bool {
        let refusals: [Errno] = [
            .notPermitted, .permissionDenied, .readOnlyFileSystem, .noFunction,
            .addressFamilyNotSupported,
        ]
        return errno.map(refusals.contains) ?? false
    }

    /// A made-up one.
    init(outcome: Outcome) {
        self.outcome = outcome
    }

    /// The facts, in the order in which a sandbox needs them.
    var findings: [Finding] {
        var findings: [Finding] = []
        for part in Part.allCases {
            switch outcome {
            case .rung(let rung): findings.append(part.finding(on: rung))
            case .failed(let error, let denial):
                findings.append(part.finding(after: error, denial))
            }
        }
        if case .rung(let rung) = outcome { findings += [formats(on: rung), boundaries] }
        return findings
    }
}

extension Examination {
    /// Who starts programs for the target that a test or a build script starts.
    private func formats(on rung: Rung) -> Finding {
        let name = "foreign programs"
        if rung.contains(.onlyNativePrograms) {
            return Finding(
                name: name,
                state: .reduced,
                detail: Rung.onlyNativePrograms.shortcomings.joined(),
                remedy: Rung.onlyNativePrograms.remedy
            )
        }
        let way =
            rung.contains(.watchedExecutions)
            ? "PID 1 looks at every execve(2), for want of binary formats (Linux 6.7)"
            : "binary formats of the sandbox's own"
        return Finding(name: name, state: .ok, detail: "started by emulators: \(way)")
    }

    /// That which must not be possible inside, as tried.
    private var boundaries: Finding {
        Finding(
            name: "boundaries",
            state: escapes.isEmpty ? .ok : .missing,
            detail: escapes.isEmpty
                ? "\(attempts) attempts to get out were refused"
                : "not refused: " + escapes.joined(separator: ", ")
        )
    }

    /// A part of making a sandbox, in order.
    enum Part: String, CaseIterable {
        case namespaces = "user namespaces"
        case identity = "id map"
        case limit = "namespace limit"
        case hostName = "host name"
        case overlay = "overlay"
        case mounts = "mounts"
        case processes = "/proc"
        case entrance = "pivot_root"
        case confinement = "confinement"
        case filter = "system call filter"

        /// What it does without on a rung.
        private var step: Rung? {
            switch self {
            case .overlay: .assembledRoot
            case .processes: .boundProcesses
            case .entrance: .coveringRoot
            case .limit: .uncountedNamespaces
            case .hostName: .callersHostName
            default: nil
            }
        }

        /// Where it fails.
        private func includes(_ stage: SandboxError.Stage, _ path: FilePath?) -> Bool {
            switch stage {
            case .channel, .namespaces: self == .namespaces
            case .identity: self == .identity
            case .propagation, .source, .mountPoint: self == .mounts
            case .overlay: self == .overlay
            case .mount: self == (path == "/proc" ? .processes : .mounts)
            case .root: self == .overlay
            case .pivot: self == .entrance
            case .namespaceLimit: self == .limit
            case .hostname: self == .hostName
            case .filter: self == .filter
            case .network, .binaryFormat, .executions, .confinement, .start, .workingDirectory:
                self == .confinement
            }
        }

        func finding(on rung: Rung) -> Finding {
            guard let step, rung.contains(step) else {
                return Finding(name: rawValue, state: .ok, detail: "tried")
            }
            return Finding(
                name: rawValue,
                state: .reduced,
                detail: step.shortcomings.joined(),
                remedy: step.remedy
            )
        }

        func finding(after error: SandboxError, _ denial: Denial?) -> Finding {
            guard case .failed(let stage, let path, _) = error,
                let failing = Self.allCases.first(where: { $0.includes(stage, path) })
            else { return Finding(name: rawValue, state: .unknown, detail: "not reached") }
            let order = Self.allCases
            if failing == self {
                let explanation = Explanation(
                    of: denial.map { LadderError.denied($0, error) } ?? .failed(error)
                )
                return Finding(
                    name: rawValue,
                    state: .missing,
                    detail: explanation.text,
                    remedy: explanation.hint
                )
            }
            let isEarlier = order.firstIndex(of: self) ?? 0 < order.firstIndex(of: failing) ?? 0
            return isEarlier
                ? Finding(name: rawValue, state: .ok, detail: "tried")
                : Finding(name: rawValue, state: .unknown, detail: "not reached")
        }
    }
}
