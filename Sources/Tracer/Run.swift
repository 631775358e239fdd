// SPDX-License-Identifier: MIT OR Apache-2.0

import CTracer
public import Sandbox
import Synchronization
import SystemPackage

/// Runs a command as `Sandbox.run` does, where no namespaces are to be had.
///
/// The command sees the spec's root and mounts because the paths in its system calls are translated. It
/// is not confined: nothing keeps a program from what the caller may do that means to. The root is
/// read-only unless it is the spec's to write, the network, the processes and the host name are the host's.
/// Root is only played: calls that need it succeed without effect.
///
/// - Parameter spec: the sandbox and the command.
/// - Returns: how the command ended.
/// - Throws: `TracerError`, and then the command has not run.
public func run(_ spec: SandboxSpec) throws(TracerError) -> ExitStatus {
    guard canRun(spec) else { throw .needsNamespaces }
    let scratch = try Scratch()
    let view = try View(spec, scratch: scratch.path)
    let plan = try Plan(spec, view, scratch: scratch.path)
    return try turn.withLock { (_) throws(TracerError) in try obey(plan, of: spec) }
}

/// Makes the mount points that a root lacks which is a spec's own to write, as `run` would.
///
/// - Parameter spec: the sandbox.
/// - Throws: `TracerError`.
public func makeMountPoints(_ spec: SandboxSpec) throws(TracerError) {
    guard spec.writes == .root else { return }
    let scratch = try Scratch()
    _ = try View(spec, scratch: scratch.path)
}

/// Whether a spec is one that needs no namespaces.
///
/// - Parameter spec: the sandbox.
/// - Returns: false where `run` throws `TracerError.needsNamespaces`, as for users other than the caller and
///   root.
public func canRun(_ spec: SandboxSpec) -> Bool {
    switch spec.user {
    case .caller: spec.writes == .memory
    case .root: spec.writes == .root
    case .other: false
    }
}

private func obey(
    _ plan: borrowing Plan,
    of spec: SandboxSpec
) throws(TracerError) -> ExitStatus {
    var report = tracer_report()
    var process = tracer_process()
    var value = unsafe plan.value
    if unsafe tracer_start(&value, &process, &report) < 0 { throw TracerError(report, spec) }
    defer { unsafe tracer_finish(&process) }
    unsafe tracer_receive(&process, &report)
    guard tracer_stage(UInt32(report.stage)) == TRACER_ENDED else {
        throw TracerError(report, spec)
    }
    return ExitStatus(waitStatus: report.value)
}

extension TracerError {
    /// Puts the names back to what C reports as numbers.
    fileprivate init(_ report: tracer_report, _ spec: SandboxSpec) {
        let errno = Errno(rawValue: report.value)
        self =
            switch tracer_stage(UInt32(report.stage)) {
            case TRACER_CHANNEL: .failed(.channel, path: nil, errno: errno)
            case TRACER_TRACE: .failed(.trace, path: nil, errno: errno)
            case TRACER_FILTER: .failed(.filter, path: nil, errno: errno)
            case TRACER_WORKING_DIRECTORY:
                .failed(.workingDirectory, path: spec.workingDirectory, errno: errno)
            case TRACER_NO_PROGRAM: .command(.programNotFound(spec.arguments[0]))
            case TRACER_EXECUTE:
                .command(.programNotExecutable(spec.arguments[0], errno: errno))
            default: .failed(.start, path: nil, errno: errno)
            }
    }
}
