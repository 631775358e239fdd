// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

/// What every sandbox has, whatever its root and its mounts.
enum StandardSteps {
    /// All of a spec, in order: ours first, so that a mount of the spec may lie below one of them.
    static func all(for spec: SandboxSpec, on rung: Rung) -> [Step] {
        let steps =
            processes(hasBinaryFormats: spec.hasBinaryFormats(on: rung), on: rung)
            + devices + system + (spec.writes == .memory ? temporary : [])
            + spec.mounts.map { Step($0, on: rung) }
        guard spec.isAssembled(on: rung) else { return steps }
        return AssembledRoot(spec.root, for: steps).steps + steps
    }

    /// Where the kernel is told of foreign programs.
    static let binaryFormats: FilePath = "/proc/sys/fs/binfmt_misc"

    /// Where the processes are.
    static let processes: FilePath = "/proc"

    /// A `/proc` of the sandbox's own processes, or the caller's where that is not to be had.
    ///
    /// What it shows of the whole machine can be changed by nobody, uid 0 included, to whom many of
    /// these files belong; what it shows of the kernel's insides is covered.
    private static func processes(hasBinaryFormats: Bool, on rung: Rung) -> [Step] {
        let readOnly: [FilePath] = [
            "/proc/sys", "/proc/sysrq-trigger", "/proc/bus", "/proc/fs", "/proc/irq",
        ]
        let masked: [FilePath] = [
            "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
            "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats",
        ]
        let isBound = rung.contains(.boundProcesses)
        return [isBound ? .bind(processes, .inert) : .filesystem("proc", processes, .inert)]
            + readOnly.map(Step.readOnly) + masked.map(Step.mask)
            + (hasBinaryFormats ? [.binaryFormats(binaryFormats)] : [])
    }

    /// The devices that programs expect, and terminals of the sandbox's own.
    ///
    /// Read-only concerns the file, not the device: to uid 0 the host's file would be its own.
    private static let devices: [Step] = {
        let nodes: [FilePath] = [
            "/dev/full", "/dev/null", "/dev/random", "/dev/tty", "/dev/urandom", "/dev/zero",
        ]
        let links: [(FilePath, FilePath)] = [
            ("/dev/fd", "/proc/self/fd"), ("/dev/stdin", "/proc/self/fd/0"),
            ("/dev/stdout", "/proc/self/fd/1"), ("/dev/stderr", "/proc/self/fd/2"),
            ("/dev/ptmx", "pts/ptmx"),
        ]
        return [.directory("/dev", mode: 0o755, .inert)]
            + nodes.map { .bind($0, [.noSetuid, .noExecution, .readOnly]) }
            + [
                .filesystem("devpts", "/dev/pts", [.noSetuid, .noExecution]),
                .directory("/dev/shm", mode: 0o1777, .harmless),
            ]
            + links.map { .link($0, to: $1) }
    }()

    /// The part of `/sys` that tells a program how many processors it has, and how much of them.
    ///
    /// The rest describes the machine, and to uid 0 also the kernel's addresses.
    private static let system: [Step] = [
        .directory("/sys", mode: 0o755, .inert),
        .bind("/sys/devices/system/cpu", [.inert, .readOnly], optional: true),
        .filesystem("cgroup2", "/sys/fs/cgroup", [.inert, .readOnly], optional: true),
        .readOnly("/sys"),
    ]

    private static let temporary: [Step] = ["/tmp", "/run", "/var/tmp"].map {
        .directory($0, mode: 0o1777, .harmless)
    }
}

extension SandboxSpec {
    /// Whether its root is put together from mounts; what is to be kept needs an overlay.
    func isAssembled(on rung: Rung) -> Bool {
        rung.contains(.assembledRoot) && writes == .memory
    }

    /// Whether the kernel starts foreign programs.
    func hasBinaryFormats(on rung: Rung) -> Bool {
        !binaryFormats.isEmpty && rung.isDisjoint(with: [.watchedExecutions, .onlyNativePrograms])
    }

    /// Whether PID 1 does.
    func watchesExecutions(on rung: Rung) -> Bool {
        !binaryFormats.isEmpty && rung.contains(.watchedExecutions)
            && !rung.contains(.onlyNativePrograms)
    }
}
