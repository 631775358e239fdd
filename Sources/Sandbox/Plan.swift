// SPDX-License-Identifier: MIT OR Apache-2.0

import CSandbox
import SystemPackage

/// How far a plan is carried out.
enum Performance {
    /// To the command.
    case command
    /// To where the command would begin.
    case rehearsal
    /// The same, and then what nothing inside may do is tried.
    case attempts
}

/// A spec in the form that C obeys.
///
/// Owns all the memory that the pointers in it lead to, for after clone(2) none can be had.
@safe struct Plan: ~Copyable {
    private(set) var value = unsafe sandbox_plan()
    private let memory = Memory()

    /// Flattens a spec.
    ///
    /// - Throws: `SandboxError.noArguments` and `.zeroByte`.
    init(
        _ spec: SandboxSpec,
        steps: [Step],
        on rung: Rung,
        _ performance: Performance
    ) throws(SandboxError) {
        let program = try spec.program
        unsafe value.root = memory.string(spec.root.bytes)
        if case .directory(let directory) = spec.writes {
            unsafe value.writes = memory.string(directory.bytes)
        }
        unsafe value.own_root = spec.writes == .root
        unsafe value.empty_root = spec.isAssembled(on: rung)
        unsafe value.covering_root = rung.contains(.coveringRoot)
        unsafe value.counted_namespaces =
            !rung.contains(.uncountedNamespaces) && !spec.allowances.contains(.userNamespaces)
        unsafe value.rehearsal = performance != .command
        unsafe value.attempts = performance == .attempts
        unsafe value.root_user = spec.user == .root
        unsafe value.umask = spec.user == .caller ? -1 : 0o022
        unsafe value.only_errors = spec.streams == .onlyErrors
        unsafe value.steps = memory.array(steps.map { step in unsafe flattened(step) })
        unsafe value.step_count = steps.count
        unsafe value.descriptors = memory.mutableArray(
            Array(repeating: CInt(-1), count: steps.count)
        )
        unsafe value.private_network = spec.network == .none
        let filters = SystemCallFilter.programs(for: spec)
        unsafe value.filters = unsafe memory.filters(filters)
        unsafe value.filter_count = filters.count
        unsafe value.process_limit = UInt64(spec.processLimit ?? 0)
        if !rung.contains(.callersHostName) {
            unsafe value.hostname = memory.string(Array(spec.hostname.utf8))
        }
        flatten(.ofCaller, inside: Identity(spec.user))
        let lines = spec.hasBinaryFormats(on: rung) ? spec.binaryFormats.map(\.registration) : []
        unsafe value.binary_formats = memory.strings(lines)
        if spec.watchesExecutions(on: rung) {
            unsafe value.executions = memory.watchedExecutions(of: spec, on: rung)
        }
        unsafe value.working_directory = memory.string(spec.workingDirectory.bytes)
        let candidates = candidates(for: program, in: spec.environment)
        unsafe value.candidates = memory.strings(candidates.map { Array($0.utf8) })
        unsafe value.arguments = memory.strings(spec.arguments.map { Array($0.utf8) })
        unsafe value.environment = memory.strings(spec.environment.map { Array($0.utf8) })
    }

    private mutating func flatten(_ identity: Identity, inside: Identity) {
        unsafe value.owner_uid_map = memory.string(Array("0 \(identity.user) 1".utf8))
        unsafe value.owner_gid_map = memory.string(Array("0 \(identity.group) 1".utf8))
        unsafe value.command_uid_map = memory.string(Array("\(inside.user) 0 1".utf8))
        unsafe value.command_gid_map = memory.string(Array("\(inside.group) 0 1".utf8))
    }

    private func flattened(_ step: Step) -> sandbox_step {
        unsafe sandbox_step(
            kind: step.kind,
            optional: step.isOptional,
            told: step.tellsWrites,
            attributes: step.attributes.rawValue,
            mode: mode_t(step.mode),
            target: memory.string(step.target.bytes),
            source: memory.string(step.source?.bytes ?? [])
        )
    }
}
