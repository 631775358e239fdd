// SPDX-License-Identifier: MIT OR Apache-2.0

import Sandbox
import SystemPackage

extension Examination {
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
