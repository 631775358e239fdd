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
        if case .failed(_, .some) = outcome { tracing = Self.trace(host) }
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
        switch outcome {
        case .rung(let rung): findings += [formats(on: rung), boundaries]
        case .failed: findings += tracingFinding
        }
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
}
