// SPDX-License-Identifier: MIT OR Apache-2.0

import CSandbox
package import Synchronization
import SystemPackage

/// Signal dispositions belong to the whole process, so it has one command at a time.
package let turn = Mutex(())

/// Runs a command in a sandbox and waits until it, and everything it started, is gone.
///
/// The command has the caller's standard descriptors, terminal, process group, ids and limits, and
/// nothing else of the caller's. While it runs, the signals that ask a process to end are passed on
/// to it. A non-zero exit is a value, not an error.
///
/// - Parameters:
///   - spec: the sandbox and the command.
///   - rung: what the sandbox may do without.
///   - notice: told, when nothing of the sandbox is left, what was written to mounts that say so.
/// - Returns: how the command ended.
/// - Throws: `SandboxError`, and then the command has not run.
public func run(
    _ spec: SandboxSpec,
    on rung: Rung = [],
    notice: (SandboxNotice) -> Void = { _ in }
) throws(SandboxError) -> ExitStatus {
    try perform(spec, on: rung, .command, notice: notice)
}

/// Does all that `run` does but the command itself, stepping down until a rung holds.
///
/// Milliseconds; nothing is left of it.
///
/// - Parameters:
///   - spec: the sandbox.
///   - rung: where to begin.
///   - attempting: whether to try what nothing inside may do, harmlessly; `notice` is told of each.
///   - notice: told of each attempt.
/// - Returns: the first rung that holds.
/// - Throws: `SandboxError`, where none does: the last one's.
public func rehearse(
    _ spec: SandboxSpec,
    on rung: Rung = [],
    attempting: Bool = false,
    notice: (SandboxNotice) -> Void = { _ in }
) throws(SandboxError) -> Rung {
    var rung = rung
    while true {
        do {
            _ = try perform(
                spec,
                on: rung,
                attempting ? .attempts : .rehearsal,
                notice: notice
            )
            return rung
        } catch {
            guard let lower = rung.below(error) else { throw error }
            rung = lower
        }
    }
}

private func perform(
    _ spec: SandboxSpec,
    on rung: Rung,
    _ performance: Performance,
    notice: (SandboxNotice) -> Void
) throws(SandboxError) -> ExitStatus {
    let steps = StandardSteps.all(for: spec, on: rung)
    let plan = try Plan(spec, steps: steps, on: rung, performance)
    return try turn.withLock { (_) throws(SandboxError) in
        try obey(plan, of: spec, steps: steps, notice: notice)
    }
}

private func obey(
    _ plan: borrowing Plan,
    of spec: SandboxSpec,
    steps: [Step],
    notice: (SandboxNotice) -> Void
) throws(SandboxError) -> ExitStatus {
    var writes: [(target: FilePath, directory: FileDescriptor)] = []
    defer { writes.forEach { try? $0.directory.close() } }
    let status = try follow(plan, of: spec, steps: steps, writes: &writes, notice: notice)
    for write in writes { notice(.written(write.target, write.directory)) }
    return status
}

/// Starts it, and hears of it until the end.
private func follow(
    _ plan: borrowing Plan,
    of spec: SandboxSpec,
    steps: [Step],
    writes: inout [(target: FilePath, directory: FileDescriptor)],
    notice: (SandboxNotice) -> Void
) throws(SandboxError) -> ExitStatus {
    var report = sandbox_report()
    var process = sandbox_process()
    var descriptor: CInt = -1
    var value = unsafe plan.value
    if unsafe sandbox_start(&value, &process, &report) < 0 {
        throw SandboxError(report, spec: spec, steps: steps)
    }
    defer { unsafe sandbox_finish(&process) }
    while true {
        unsafe sandbox_receive(&process, &report, &descriptor)
        switch sandbox_stage(UInt32(report.stage)) {
        case SANDBOX_ENDED:
            return ExitStatus(waitStatus: report.value)
        case SANDBOX_ATTEMPTED:
            let name = unsafe String(cString: sandbox_attempt_name(report.index))
            notice(.attempted(name, errno: report.value == 0 ? nil : Errno(rawValue: report.value)))
        case SANDBOX_WRITES:
            let target = steps[Int(report.index)].target
            writes.append((target, FileDescriptor(rawValue: descriptor)))
        case SANDBOX_SKIPPED: break
        default:
            throw SandboxError(report, spec: spec, steps: steps)
        }
    }
}
