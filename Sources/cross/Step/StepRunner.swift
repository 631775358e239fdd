// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Dockerfile
import Glibc
import OCIStore
import Sandbox
import SystemPackage

/// Does the steps that prepare a root filesystem, each once: what a step came to is in the store.
struct StepRunner {
    let store: Store
    let host: Host
    let console: Console
    let isOffline: Bool
    /// What programs for the target need beside an emulator.
    let mounts: [Mount]
    /// Where packages come from, if the root filesystem is made of them.
    let mirrors: PackageMirrors?
    /// Whether 32-bit programs of the target's may open sockets.
    let allowsSocketcall: Bool

    /// What a step comes to above a root filesystem; it is done only where nobody has done it.
    ///
    /// - Parameters:
    ///   - step: what to do.
    ///   - base: the layers it runs in.
    /// - Returns: the layers it ends with, which are in the store.
    /// - Throws: `StepError`, `StoreError`, `SandboxError`, or what the mirrors' search throws.
    func result(of step: BuildStep, above base: StepRecord) throws -> StepRecord {
        try result(step.digest, step.title, above: base) { _ in
            [try layer(of: step, above: base)]
        }
    }

    /// What anything comes to that adds layers; it is done only where nobody has done it.
    ///
    /// Of processes that want the same at once one does it, and the others wait.
    ///
    /// - Parameters:
    ///   - step: stands for everything that the layers depend on, but for those below.
    ///   - title: what a user knows it by.
    ///   - base: the layers below; `nil` for none.
    ///   - make: makes the layers, of the key they will have together, and returns their own keys.
    /// - Returns: all layers, which are in the store.
    /// - Throws: `StoreError`, or what `make` throws.
    func result(
        _ step: Digest,
        _ title: String,
        above base: StepRecord?,
        making make: (Digest) throws -> [Digest]
    ) throws -> StepRecord {
        let key = StepRecord.key(of: step, above: base?.chainID)
        if let record = try store.step(key) { return record }
        try store.fillUntilExit()
        let lock = try store.lock(.step(key)) { holder in
            console.status("Waiting", "for process \(holder.pid), which does \(title)")
        }
        if let record = try store.step(key) { return record }
        let below = base?.layers ?? []
        let record = try StepRecord(
            layers: below + make(key),
            origin: .init(step: step, below: below.count)
        )
        _ = try store.materialise(record)
        try store.record(record, asStep: key)
        _ = consume lock
        return record
    }

    /// Runs the command and makes a layer of what it wrote.
    private func layer(of step: BuildStep, above base: StepRecord) throws -> Digest {
        console.status("Running", step.title)
        let root = try store.materialise(base)
        let user =
            try step.user.isEmpty
            ? StepUser.root : StepUser(step.user, ImageAccounts(in: SourceTree(root.path)))
        let emulators = try StepEmulators(
            RootDirectory(path: root.path),
            step.environment["PATH"] ?? RootDirectory.searchPath,
            store
        )
        let surroundings = try StepSurroundings(root.path, mirrors, host)
        let workplace = try StepWorkplace(
            in: store,
            files: step.files + surroundings.files + [
                StepFile(path: BuildStep.reportPath, content: [])
            ]
        )
        var spec = SandboxSpec(
            root: root.path,
            writes: .directory(workplace.writes),
            user: user.user,
            streams: .onlyErrors,
            mounts: mounts + emulators.mounts + surroundings.mounts + workplace.mounts
                + step.mounts,
            environment: step.environment
                .merging(step.transientEnvironment) { own, _ in own }
                .merging(isOffline ? [:] : surroundings.environment) { own, _ in own }
                // login(1) would set it; programs that keep something in their home need it.
                .merging(["HOME": user.home]) { own, _ in own }
                .map { "\($0)=\($1)" }.sorted(),
            workingDirectory: FilePath(step.workingDirectory),
            arguments: step.arguments,
            network: isOffline || !step.hasNetwork ? .none : .host,
            allowsSocketcall: allowsSocketcall,
            processLimit: ProcessLimit.value,
            binaryFormats: emulators.binaryFormats
        )
        defer { withExtendedLifetime(emulators) {} }
        if try hasOverlay(for: spec) {
            try run(spec, step, in: workplace)
            return try store.capture(workplace.upper)
        }
        var tree = try WrittenTree(of: base.layers, in: store)
        spec.root = tree.path
        spec.writes = .root
        try run(spec, step, in: workplace) { try tree.beginWriting() }
        return try tree.capture()
    }

    /// Tries it in a directory of its own, for what is left of an overlay disturbs the next one.
    private func hasOverlay(for spec: SandboxSpec) throws -> Bool {
        let trial = try StepWorkplace(in: store, files: [])
        var spec = spec
        spec.writes = .directory(trial.writes)
        return try Ladder(host, console).hasOverlay(for: spec)
    }

    private func run(
        _ spec: SandboxSpec,
        _ step: BuildStep,
        in workplace: borrowing StepWorkplace,
        beforehand: () throws -> Void = {}
    ) throws {
        if console.verbosity == .verbose { spec.facts.forEach(console.detail) }
        let status = try Ladder(host, console).run(spec, beforehand: beforehand)
        guard status == .exited(0) else {
            let part = workplace.report.flatMap { number in
                step.parts.indices.contains(number - 1) ? step.parts[number - 1] : nil
            }
            throw StepError.failed(
                StepFailure(
                    title: step.title,
                    part: part,
                    end: StepEnd(status),
                    isOffline: isOffline
                )
            )
        }
    }
}

extension StepEnd {
    fileprivate init(_ status: ExitStatus) {
        switch status {
        case .exited(let code): self = .status(code)
        case .signaled(let signal): self = .signal(signal)
        }
    }
}
