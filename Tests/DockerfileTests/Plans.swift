// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import Testing

@testable import Dockerfile

/// Plans a Dockerfile, every image of which says the same of itself.
func plan(
    _ text: String,
    target: String? = nil,
    _ arguments: BuildArguments = BuildArguments(platform: amd64),
    image: ImageConfiguration = ImageConfiguration()
) throws -> BuildPlan {
    let planner = try BuildPlanner(try read(text), target: target, arguments: arguments)
    var known: [BaseImage: ImageConfiguration] = [:]
    while true {
        switch try planner.plan(knowing: known) {
        case .complete(let plan): return plan
        case .needs(let images):
            try #require(!images.isEmpty)
            for image in images { try #require(known[image] == nil) }
            for needed in images { known[needed] = image }
        }
    }
}

/// The image of the target that projects' Dockerfiles are for.
let projectBase = "ghcr.io/cross-rs/aarch64-unknown-linux-gnu:main"

/// Plans a project's Dockerfile, with what every project is given and build arguments of its own.
func projectPlan(_ text: String, _ own: [String: String] = [:]) throws -> BuildPlan {
    try plan(
        text,
        BuildArguments(
            own,
            baseImage: projectBase,
            debianArchitecture: "arm64",
            platform: amd64
        ),
        image: ImageConfiguration(
            environment: [
                "PATH=/usr/bin:/bin", "CROSS_SYSROOT=/usr/aarch64-linux-gnu",
                "CROSS_CMAKE_SYSTEM_PROCESSOR=aarch64",
            ]
        )
    )
}

let amd64 = Platform(os: "linux", architecture: "amd64")

/// The programs that a plan runs, as the shell gets them.
func programs(_ plan: BuildPlan) -> [RunStep] {
    plan.stages.flatMap(\.operations).compactMap { operation in
        if case .run(let step) = operation.action { step } else { nil }
    }
}

extension BuildPlan {
    /// What the shells are to do.
    var lines: [String] { programs(self).compactMap(\.arguments.last) }

    /// A variable of the image that comes of it.
    func variable(_ name: String) -> String? {
        configuration.environment.first { $0.hasPrefix("\(name)=") }
            .map { String($0.dropFirst(name.count + 1)) }
    }
}

/// The copies of a plan.
func copies(_ plan: BuildPlan) -> [CopyStep] {
    plan.stages.flatMap(\.operations).compactMap { operation in
        if case .copy(let step) = operation.action { step } else { nil }
    }
}

/// What is wrong with a plan; `nil` where nothing is.
func planFault(_ text: String, target: String? = nil) -> DockerfileFault? {
    do {
        _ = try plan(text, target: target)
        return nil
    } catch {
        return (error as? DockerfileError)?.fault
    }
}

/// An image by its name.
func image(_ name: String, _ platform: Platform = amd64) throws -> BaseImage {
    BaseImage(reference: try ImageReference(name), platform: platform)
}
