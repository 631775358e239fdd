// SPDX-License-Identifier: MIT OR Apache-2.0

import CTracer
import Sandbox
import SystemPackage

/// A view and a command in the form that C obeys.
///
/// Owns all the memory that the pointers in it lead to, for after clone(2) none can be had.
@safe struct Plan: ~Copyable {
    private(set) var value = unsafe tracer_plan()
    private let memory = Memory()

    /// Flattens a spec.
    ///
    /// - Throws: `TracerError.command`, where there is no program or a string has a zero byte.
    init(_ spec: SandboxSpec, _ view: View, scratch: FilePath) throws(TracerError) {
        let program: String
        do throws(SandboxError) {
            program = try spec.program
        } catch {
            throw .command(error)
        }
        unsafe value.mounts = memory.array(view.places.map { unsafe flattened($0) })
        unsafe value.mount_count = view.places.count
        unsafe value.formats = memory.array(spec.binaryFormats.map { unsafe memory.flattened($0) })
        unsafe value.format_count = spec.binaryFormats.count
        unsafe value.scratch = memory.string(scratch.bytes)
        unsafe value.root_user = spec.user == .root
        unsafe value.only_errors = spec.streams == .onlyErrors
        unsafe value.working_directory = memory.string(spec.workingDirectory.bytes)
        let candidates = candidates(for: program, in: spec.environment)
        unsafe value.candidates = memory.strings(candidates.map { Array($0.utf8) })
        unsafe value.arguments = memory.strings(spec.arguments.map { Array($0.utf8) })
        unsafe value.environment = memory.strings(spec.environment.map { Array($0.utf8) })
    }

    private func flattened(_ place: View.Place) -> tracer_mount {
        let guest = Self.withoutRoot(place.guest)
        let host = Self.withoutRoot(place.host)
        return unsafe tracer_mount(
            guest: memory.string(guest),
            guest_length: guest.count,
            host: memory.string(host),
            host_length: host.count,
            read_only: place.access == .readOnly,
            processes: place.isProcesses
        )
    }

    /// C joins paths by putting one behind the other.
    private static func withoutRoot(_ path: FilePath) -> [UInt8] {
        path == "/" ? [] : path.bytes
    }
}
