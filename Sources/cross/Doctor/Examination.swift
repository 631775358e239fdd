// SPDX-License-Identifier: MIT OR Apache-2.0

import Sandbox
import SystemPackage
import Tracer

/// What a machine gives for a sandbox, found out by making one as a build does.
struct Examination {
    /// What came of the rehearsal.
    enum Outcome: Equatable {
        case rung(Rung)
        case failed(SandboxError, Denial?)
    }

    /// What came of running a program with translated paths.
    enum Tracing: Equatable {
        case works
        case failed(TracerError)
        /// There is no need of it.
        case untried
        /// `CROSS_ISOLATION` does not let it run.
        case refused
    }

    let outcome: Outcome
    var tracing = Tracing.untried
    /// Why there are no binary formats; `nil` where there are.
    let missingFormats: Errno?

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
        var missing: Errno?
        var tried: [String: Errno?] = [:]
        do throws(SandboxError) {
            let rung = try rehearse(spec, attempting: true) { notice in
                switch notice {
                case .noBinaryFormats(let errno): missing = errno
                case .attempted(let name, let errno): tried.updateValue(errno, forKey: name)
                }
            }
            outcome = .rung(rung)
        } catch {
            outcome = .failed(error, Denial(of: error, in: .current()))
        }
        if case .failed(_, .some) = outcome { tracing = Self.trace(host) }
        missingFormats = missing
        attempts = tried.count
        escapes = tried.filter { !Self.isRefusal($0.value) }.keys.sorted()
    }

    /// Runs a program of this machine's in its own root.
    private static func trace(_ host: Host) -> Tracing {
        guard (try? Isolation(host)) != .namespaces else { return .refused }
        let program = SandboxSpec(root: "/", streams: .onlyErrors, arguments: ["/bin/true"])
        do throws(TracerError) {
            _ = try Tracer.run(program)
            return .works
        } catch {
            return .failed(error)
        }
    }

    /// Whether a build can run, in a sandbox or without.
    var canRun: Bool {
        switch outcome {
        case .rung: escapes.isEmpty
        case .failed: tracing == .works
        }
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
    init(outcome: Outcome, missingFormats: Errno? = nil) {
        self.outcome = outcome
        self.missingFormats = missingFormats
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
        let formats = Finding(
            name: "binary formats",
            state: missingFormats == nil ? .ok : .reduced,
            detail: missingFormats.map {
                "none in a user namespace (\($0)): what a test or a build script starts runs only if "
                    + "it is this machine's; Linux 6.7 or newer has them"
            } ?? "programs for the target run, whoever starts them"
        )
        switch outcome {
        case .rung: findings += [formats, boundaries]
        case .failed: findings += tracingFinding
        }
        return findings
    }
}

extension Examination {
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

    /// What takes the place of a sandbox.
    private var tracingFinding: [Finding] {
        let name = "translated paths"
        switch tracing {
        case .untried: return []
        case .works:
            return [Finding(name: name, state: .reduced, detail: "tried; builds are not isolated")]
        case .refused:
            return [
                Finding(
                    name: name,
                    state: .missing,
                    detail: "CROSS_ISOLATION is `namespaces`",
                    remedy: "unset CROSS_ISOLATION"
                )
            ]
        case .failed(let error):
            let explanation = Explanation(error)
            return [
                Finding(
                    name: name,
                    state: .missing,
                    detail: explanation.text,
                    remedy: explanation.hint
                )
            ]
        }
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
            case .network, .binaryFormat, .confinement, .start, .workingDirectory:
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
