// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Glibc
import OCIStore
import Sandbox
import SystemPackage
import Trace

/// One run of `cross`: from the command line to an exit status.
struct Cross {
    /// As typed, without the program's own name.
    let arguments: [String]
    let invocation: Invocation
    let host: Host
    let console: Console
    /// What runs inside in place of cargo.
    var command: [String]?

    /// Finds the root filesystem that the target needs, enters it, and runs cargo there.
    ///
    /// - Returns: how cargo ended; a failed build is a value.
    /// - Throws: one of the errors that `Explanation` knows.
    func run() throws -> ExitStatus {
        let found = try Trace.span("configuration") { try project() }
        guard let project = found else { return try onHost() }
        return try project.configuration.limits.within(console) { try run(project) }
    }

    private func run(_ project: Project) throws -> ExitStatus {
        let configuration = project.configuration
        let target = try Target(invocation, configuration)
        let engine = EngineVariables(host)
        try warn(configuration.warnings(for: target) + engine.warnings)
        engine.note.map(console.note)
        guard command != nil || target.needsRootfs || configuration.namesRootfs(target) else {
            console.note("`\(target.triple)` needs no root filesystem; the host's cargo builds it")
            return try onHost()
        }
        guard let source = try project.source(target) else { return try withoutRootfs(target) }
        let preparation = Preparation(
            target: target,
            configuration: configuration,
            isOffline: invocation.isOffline,
            host: host,
            console: console
        )
        let rootfs = try Trace.span("root filesystem") {
            try preparation.rootfs(
                try source.rootfs(target, project.root, invocation, host, console)
            )
        }
        var entry = Entry(
            invocation: invocation,
            host: host,
            configuration: configuration,
            target: target,
            root: project.root,
            toolchain: try Toolchain.choose(
                for: configuration.imageToolchain(target)?.toolchain.triple,
                invocation,
                host,
                rootfs,
                console
            ),
            cargoHome: try CargoHome(host),
            containerOptions: try ContainerOptions(host),
            threadedEmulators: invocation.runsTargetPrograms
                ? try project.threadedEmulators(target) : [],
            command: command
        )
        entry.leaveOutAbsentWrappers(rootfs)
        remark(on: entry, rootfs)
        try Trace.span("toolchain") { try entry.prepare(rootfs) }
        let ladder = Ladder(host, console)
        let query = MetadataQuery(entry: entry, ladder: ladder)
        let workspace = try Trace.span("workspace") { try query.workspace(rootfs) }
        let spec = try Trace.span("sandbox, described") { try entry.spec(rootfs, workspace) }
        if console.verbosity == .verbose { spec.facts.forEach(console.detail) }
        let status = try Trace.span("sandbox, \(spec.arguments.joined(separator: " "))") {
            try ladder.run(spec) { notice in
                guard case .written(let target, let directory) = notice else { return }
                DroppedWrites(target, in: directory).lines.forEach(console.note)
            }
        }
        if command == nil, status.code != 0, let advice = entry.adviceOnFailure(rootfs, workspace) {
            console.note(advice)
        }
        if let death = status.death {
            console.note("`\(command?.first ?? "cargo")` was killed by \(death)")
        }
        return status
    }

    /// Says what of the user's surroundings counts otherwise than one might think.
    private func remark(on entry: Entry, _ rootfs: borrowing Rootfs) {
        for name in entry.replacedVariables(rootfs) {
            console.note(
                "`\(name)` of your environment counts in place of the root filesystem's own"
            )
        }
        for name in entry.uncountedToolchains {
            console.note(
                "`\(name)` does not count: \(rootfs.name) has its own cargo; use `cross +TOOLCHAIN`"
            )
        }
        for wrapper in entry.absentWrappers {
            console.note(
                "`\(wrapper.program)`, which \(wrapper.file) names as `build.\(wrapper.key.rawValue)`, is "
                    + "not in the root filesystem and is left out"
            )
        }
    }

    /// Says what should be known before anything is built; in CI that is the end.
    func warn(_ warnings: [String]) throws(CautionError) {
        warnings.forEach(console.warning)
        guard warnings.isEmpty || !host.takesWarningsForErrors else { throw .warned }
    }
}

/// Why a run that could go on does not.
enum CautionError: Error, Equatable {
    /// Something was warned about, and nobody is there to read it.
    case warned
}
