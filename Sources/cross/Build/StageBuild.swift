// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Dockerfile
import OCIStore
import SystemPackage

/// One stage of a build: its operations in order, each a layer above the one before.
struct StageBuild {
    let stage: StagePlan
    let build: ImageBuild
    let sources: BuildSources

    /// Does what the store does not have yet.
    ///
    /// - Throws: `BuildError`, `StepError`, `StoreError`, or `SandboxError`.
    func image() throws -> BuiltImage {
        var record = sources.base(stage.base)
        for operation in stage.operations { record = try result(of: operation, above: record) }
        return BuiltImage(record: record, configuration: stage.configuration)
    }

    private func result(
        of operation: BuildOperation,
        above base: StepRecord?
    ) throws -> StepRecord {
        let place = DockerfilePlace(file: build.file, location: operation.location)
        do {
            switch operation.action {
            case .run(let step):
                guard let base else { throw BuildError.emptyRoot(place) }
                return try run(step, operation, above: base, place)
            case .copy(let step): return try copy(step, operation, above: base, place)
            case .makeDirectory(let path, _):
                return try layers(operation, [], above: base) { root, _ in
                    var layer = try CopyLayer(in: build.steps.store)
                    try layer.makeDirectory(path, root)
                    return [try layer.publish()]
                }
            }
        } catch let error as ContextError {
            throw BuildError.context(place, error)
        } catch StepError.unknownUser(let name) {
            throw BuildError.owner(place, name)
        } catch StepError.failed(var failure) {
            failure.place = "\(place)"
            throw StepError.failed(failure)
        }
    }

    /// The instruction, as far as it fits a line.
    private func title(_ operation: BuildOperation) -> String {
        let text = operation.text.unicodeScalars
        return escaped(String(text.prefix(70))) + (text.count > 70 ? "…" : "")
    }

    private func run(
        _ step: RunStep,
        _ operation: BuildOperation,
        above base: StepRecord,
        _ place: DockerfilePlace
    ) throws -> StepRecord {
        let mounts = try StepMounts(step.mounts, self, place)
        let command = BuildStep(
            title: title(operation),
            arguments: step.arguments,
            environment: Rootfs.variables(step.environment),
            user: step.user,
            workingDirectory: step.workingDirectory,
            transientEnvironment: Rootfs.variables(step.proxies)
                .merging(mounts.secretVariables) { $1 },
            files: (step.script.map {
                [StepFile(path: $0.path, content: Array($0.content.utf8), mode: 0o755)]
            } ?? []) + mounts.secretFiles,
            mounts: mounts.mounts,
            inputs: [operation.statement] + mounts.inputs,
            hasNetwork: !step.isOffline
        )
        return try withExtendedLifetime(mounts) {
            try build.steps.result(of: command, above: base)
        }
    }

    private func copy(
        _ step: CopyStep,
        _ operation: BuildOperation,
        above base: StepRecord?,
        _ place: DockerfilePlace
    ) throws -> StepRecord {
        let origin = try HeldTree(step.origin, sources, build.steps.store)
        let tree = try origin.tree(sources)
        let selection = try tree.select(step)
        // What a stage or an image came to needs no second look.
        let input =
            try sources.record(step.origin)?.chainID
            ?? tree.digest(of: selection, withOwners: false)
        return try layers(operation, [input], above: base) { root, key in
            let isDirectory = try root.found(step.destination.utf8)?.isDirectory == true
            // All sources together say whether they need a directory.
            _ = try selection.entries(for: step.destination, isDirectory: isDirectory)
            guard isDirectory || !step.needsDirectory else {
                throw ContextError.severalSources(destination: step.destination)
            }
            return try CopiedLayers(step, key, build.steps.store, place)
                .make(from: tree, over: root) { request in try add(request, place) }
        }
    }

    private func add(_ request: AddRequest, _ place: DockerfilePlace) throws {
        for case .url(let url, _) in request.sources.map(\.origin) where build.steps.isOffline {
            throw BuildError.offline(place, url)
        }
        try build.add(request)
    }

    /// Layers of files, with no program run.
    private func layers(
        _ operation: BuildOperation,
        _ inputs: [Digest],
        above base: StepRecord?,
        make: (borrowing SourceTree, Digest) throws -> [Digest]
    ) throws -> StepRecord {
        let words = ["copy 1", "\(operation.statement)"] + inputs.map { "\($0)" }
        let step = Digest.of(Array(words.joined(separator: "\n").utf8))
        let title = title(operation)
        return try build.steps.result(step, title, above: base) { key in
            build.steps.console.status("Running", title)
            let root = try HeldTree(base, build.steps.store)
            return try make(try root.tree(sources), key)
        }
    }
}
