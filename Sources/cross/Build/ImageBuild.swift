// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Dockerfile
import OCIStore
import SystemPackage

/// What an image comes to in the store: its layers and what it says of itself.
struct BuiltImage: Equatable {
    /// `nil` where there is no layer: nothing was put into an empty root.
    var record: StepRecord?
    var configuration: ImageConfiguration
}

/// A build from a Dockerfile: every step once, and none where the store has what it came to.
struct ImageBuild {
    let file: FilePath
    /// The directory that `COPY` takes files of.
    let context: FilePath
    /// The stage that is wanted; `nil` for the last.
    var target: String?
    let arguments: BuildArguments
    /// What `--mount=type=secret` finds, by id.
    var secrets: [String: [UInt8]] = [:]
    let steps: StepRunner
    /// Makes layers of what only `cross-fetch` may open or download.
    let add: (AddRequest) throws -> Void
    /// Finds an image, or has it fetched.
    let find: (BaseImage) throws -> BuiltImage

    /// Builds.
    ///
    /// - Returns: the wanted stage.
    /// - Throws: `BuildError`, `StepError`, `StoreError`, `SandboxError`, or what `find` throws.
    func image() throws -> BuiltImage {
        guard context.isDirectory else { throw BuildError.noContext(context) }
        var images: [BaseImage: BuiltImage] = [:]
        let plan = try plan(&images)
        for name in plan.unusedArguments {
            steps.console.warning("\(file): no ARG declares the build argument `\(name)`")
        }
        let ignored = try ignoredPatterns()
        var stages: [Int: BuiltImage] = [:]
        var last = BuiltImage(record: nil, configuration: plan.configuration)
        for stage in plan.stages {
            let sources = BuildSources(
                context: context,
                ignored: ignored,
                images: images,
                stages: stages
            )
            last = try StageBuild(stage: stage, build: self, sources: sources).image()
            stages[stage.index] = last
        }
        return last
    }

    /// Plans, finding the images that the plan asks for.
    private func plan(_ images: inout [BaseImage: BuiltImage]) throws -> BuildPlan {
        let dockerfile = try dockerfile()
        do {
            let planner = try BuildPlanner(dockerfile, target: target, arguments: arguments)
            while true {
                switch try planner.plan(knowing: images.mapValues(\.configuration)) {
                case .complete(let plan): return plan
                case .needs(let missing): for image in missing { images[image] = try find(image) }
                }
            }
        } catch let error as DockerfileError {
            throw BuildError.dockerfile(file, error)
        }
    }

    private func dockerfile() throws(BuildError) -> Dockerfile {
        let bytes: [UInt8]?
        do throws(TextFileError) {
            bytes = try TextFile.bytes(file, limit: Dockerfile.maximumSize)
        } catch {
            throw .unreadable(error)
        }
        guard let bytes else { throw .noDockerfile(file) }
        do throws(DockerfileError) {
            return try Dockerfile(bytes)
        } catch {
            throw .dockerfile(file, error)
        }
    }

    private func ignoredPatterns() throws(BuildError) -> PathPatterns {
        do throws(ContextError) {
            return try PathPatterns.ignored(for: file, in: context)
        } catch {
            throw .ignoreFile(error)
        }
    }
}

/// Where a stage's files come from.
struct BuildSources {
    let context: FilePath
    let ignored: PathPatterns
    let images: [BaseImage: BuiltImage]
    let stages: [Int: BuiltImage]

    /// What a stage starts from.
    func base(_ base: StageBase) -> StepRecord? {
        switch base {
        case .scratch: nil
        case .stage(let index): stages[index]?.record
        case .image(let image): images[image]?.record
        }
    }

    /// The layers of an origin that has some.
    func record(_ origin: FileOrigin) -> StepRecord? {
        switch origin {
        case .context, .empty: nil
        case .stage(let index): stages[index]?.record
        case .image(let image): images[image]?.record
        }
    }
}
