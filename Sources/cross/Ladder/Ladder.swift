// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Sandbox
import Synchronization
import Tracer

/// Whether this process has said what it does without: once, however many sandboxes it makes.
private let isAnnounced = Mutex(false)

/// The way into a sandbox: as much of the full one as the machine gives, and never less in silence.
///
/// Which rung holds is found by trying, and remembered until the machine, the container or the
/// restrictions are others. Where the full sandbox is to be had, that costs nothing.
struct Ladder {
    private let host: Host
    let console: Console
    private let memory: RungMemory

    /// The ladder of a user's machine.
    init(_ host: Host, _ console: Console) {
        self.host = host
        self.console = console
        memory = RungMemory(host)
    }

    /// Where to begin: what held last time, or less where the user wants to see less.
    private var highest: Rung { memory.rung.union(Rung.withheld(by: host)) }

    /// Finds out whether any rung holds, before anything is done that would be in vain.
    ///
    /// - Throws: `LadderError`, or `ConfigurationError.invalidIsolation`.
    func probe() throws {
        let isolation = try Isolation(host)
        guard isolation != .none else { return }
        do throws(LadderError) {
            _ = try find(from: highest, Rehearsal(host).spec)
        } catch {
            guard case .denied = error, isolation == .automatic else { throw error }
        }
    }

    /// Runs a command in a sandbox, or, where the machine gives none, with translated paths.
    ///
    /// - Parameters:
    ///   - spec: the sandbox and the command.
    ///   - notice: told what there is to know of the sandbox besides.
    ///   - beforehand: called before the command starts. Of a root that is written to, the mount points
    ///     are made by then, and what is changed afterwards is the command's doing.
    /// - Returns: how the command ended.
    /// - Throws: `LadderError` where there is no sandbox, `SandboxError` where it has no such command,
    ///   `TracerError`, `ConfigurationError.invalidIsolation`, or what `beforehand` throws.
    func run(
        _ spec: SandboxSpec,
        notice: (SandboxNotice) -> Void = { _ in },
        beforehand: () throws -> Void = {}
    ) throws -> ExitStatus {
        let isolation = try Isolation(host)
        guard isolation != .none else {
            return try runTraced(spec, because: nil, beforehand: beforehand)
        }
        do {
            return try runIsolated(spec, notice: notice, beforehand: beforehand)
        } catch LadderError.denied(let denial, let error) {
            guard isolation == .automatic, Tracer.canRun(spec) else {
                throw LadderError.denied(denial, error)
            }
            return try runTraced(spec, because: denial, beforehand: beforehand)
        }
    }

    /// Whether an overlay can keep what a command writes to the root.
    ///
    /// It cannot where the store lies on an overlay itself, as in a container, or where there are no
    /// namespaces.
    ///
    /// - Parameter spec: with a directory for what is written, which is of no use afterwards.
    /// - Returns: false, too, where the directory could not be used for another reason.
    /// - Throws: `LadderError` where there is no sandbox and must be one, or
    ///   `ConfigurationError.invalidIsolation`.
    func hasOverlay(for spec: SandboxSpec) throws -> Bool {
        let isolation = try Isolation(host)
        guard isolation != .none else { return false }
        do throws(LadderError) {
            _ = try find(from: rungToTry(spec), spec)
            return true
        } catch {
            switch error {
            case .failed(.failed(.root, _, _)): return false
            case .denied where isolation == .automatic: return false
            default: throw error
            }
        }
    }

    private func runIsolated(
        _ spec: SandboxSpec,
        notice: (SandboxNotice) -> Void,
        beforehand: () throws -> Void
    ) throws -> ExitStatus {
        let rung = try rungToTry(spec)
        announce(rung)
        if spec.writes == .root { _ = try find(from: rung, spec) }
        try beforehand()
        do throws(SandboxError) {
            return try Sandbox.run(spec, on: rung, notice: notice)
        } catch {
            guard let lower = rung.below(error) else {
                if Denial(of: error, in: .current()) == nil { throw error }
                throw LadderError(error, in: .current())
            }
            let found = try find(from: lower, spec)
            announce(found)
            return try Sandbox.run(spec, on: found, notice: notice)
        }
    }

    private func rungToTry(_ spec: SandboxSpec) throws(LadderError) -> Rung {
        guard spec.writes != .memory else { return highest }
        // An attempt that fails leaves traces of its overlay in the directory, and overlayfs takes no
        // such directory again.
        var harmless = spec
        harmless.writes = .memory
        return try find(from: highest, harmless)
    }

    /// The lowest rung: nothing is kept from a program that means to reach it.
    private func runTraced(
        _ spec: SandboxSpec,
        because denial: Denial?,
        beforehand: () throws -> Void
    ) throws -> ExitStatus {
        let reason =
            denial.map { "no namespaces here (\($0.reason))" } ?? "CROSS_ISOLATION is `none`"
        if isFirst() {
            console.warning("\(reason): running with translated paths, not isolated")
        }
        try Tracer.makeMountPoints(spec)
        try beforehand()
        return try Tracer.run(spec)
    }

    private func find(from rung: Rung, _ spec: SandboxSpec) throws(LadderError) -> Rung {
        do throws(SandboxError) {
            let found = try rehearse(spec, on: rung)
            memory.keep(found.subtracting(.withheld(by: host)))
            return found
        } catch {
            throw LadderError(error, in: .current())
        }
    }

    private func announce(_ rung: Rung) {
        let shortcomings = rung.shortcomings
        guard !shortcomings.isEmpty, isFirst() else { return }
        let all = shortcomings.joined(separator: "; ")
        console.note("not the full sandbox (`cross doctor` says why): \(all)")
    }

    private func isFirst() -> Bool {
        isAnnounced.withLock { said in
            defer { said = true }
            return !said
        }
    }
}
