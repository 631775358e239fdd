// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Sandbox
import Synchronization

/// Whether this process has said what it does without: once, however many sandboxes it makes.
private let isAnnounced = Mutex(false)

/// The way into a sandbox: as much of the full one as the machine gives, and never less in silence.
///
/// Which rung holds is found by trying, and remembered until the machine, the container or the
/// restrictions are others. Where the full sandbox is to be had, that costs nothing.
struct Ladder {
    private let host: Host
    private let console: Console
    private let memory: RungMemory

    /// The ladder of a user's machine.
    init(_ host: Host, _ console: Console) {
        self.host = host
        self.console = console
        memory = RungMemory(host)
    }

    /// Finds out whether any rung holds, before anything is done that would be in vain.
    ///
    /// - Throws: `LadderError`.
    func probe() throws(LadderError) {
        _ = try find(from: memory.rung, Rehearsal(host).spec)
    }

    /// Runs a command in a sandbox.
    ///
    /// - Parameters:
    ///   - spec: the sandbox and the command.
    ///   - notice: told, before the command starts, what the sandbox has to do without besides.
    /// - Returns: how the command ended.
    /// - Throws: `LadderError` where there is no sandbox, `SandboxError` where it has no such command.
    func run(
        _ spec: SandboxSpec,
        notice: (SandboxNotice) -> Void = { _ in }
    ) throws -> ExitStatus {
        let rung = memory.rung
        announce(rung)
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

    private func find(from rung: Rung, _ spec: SandboxSpec) throws(LadderError) -> Rung {
        do throws(SandboxError) {
            let found = try rehearse(spec, on: rung)
            memory.keep(found)
            return found
        } catch {
            throw LadderError(error, in: .current())
        }
    }

    private func announce(_ rung: Rung) {
        guard !rung.isEmpty,
            isAnnounced.withLock({ said in
                defer { said = true }
                return !said
            })
        else { return }
        let shortcomings = rung.shortcomings.joined(separator: "; ")
        console.note("not the full sandbox (`cross doctor` says why): \(shortcomings)")
    }
}
