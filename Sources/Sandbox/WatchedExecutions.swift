// SPDX-License-Identifier: MIT OR Apache-2.0

import CSandbox
package import CTracer

extension Memory {
    /// What PID 1 needs to start a spec's foreign programs.
    func watchedExecutions(of spec: SandboxSpec, on rung: Rung) -> sandbox_executions {
        let filters = SystemCallFilter.programs(for: spec, besides: [.ptrace])
        var plan = unsafe formatsAlone(spec.binaryFormats)
        unsafe plan.foreign_processes = rung.contains(.boundProcesses)
        return unsafe sandbox_executions(
            listen: tracer_listen_to_executions,
            answer: tracer_answer_execution,
            plan: UnsafeRawPointer(array([plan])),
            filters: self.filters(filters),
            filter_count: filters.count
        )
    }

    /// Paths inside are PID 1's own paths; of them only `/proc` is not the same to everybody.
    private func formatsAlone(_ formats: [BinaryFormat]) -> tracer_plan {
        let places: [(path: String, isProcesses: Bool)] = [("/proc", true), ("", false)]
        let mounts = unsafe places.map { place in
            let path = unsafe string(Array(place.path.utf8))
            let length = place.path.utf8.count
            return unsafe tracer_mount(
                guest: path,
                guest_length: length,
                host: path,
                host_length: length,
                read_only: false,
                processes: place.isProcesses
            )
        }
        var plan = unsafe tracer_plan()
        unsafe plan.mounts = unsafe array(mounts)
        unsafe plan.mount_count = mounts.count
        unsafe plan.formats = unsafe array(formats.map { unsafe flattened($0) })
        unsafe plan.format_count = formats.count
        unsafe plan.same_root = true
        return unsafe plan
    }

    /// A format in the form that C compares programs with.
    ///
    /// - Parameter format: of foreign programs.
    /// - Returns: pointers into this memory.
    package func flattened(_ format: BinaryFormat) -> tracer_format {
        unsafe tracer_format(
            magic: array(format.magic),
            mask: array(format.mask),
            length: min(format.magic.count, format.mask.count),
            interpreter: string(format.interpreter.bytes)
        )
    }

    /// Filters of system calls, as the kernel takes them.
    func filters(_ filters: [[sock_filter]]) -> UnsafePointer<sock_fprog> {
        unsafe array(
            filters.map { filter in
                unsafe sock_fprog(len: UInt16(filter.count), filter: mutableArray(filter))
            }
        )
    }
}
