// SPDX-License-Identifier: MIT OR Apache-2.0

public import OCIStore

/// What an executor does for a Dockerfile: stages in order, each after those it needs.
public struct BuildPlan: Hashable, Sendable {
    /// The stages that the wanted one needs, and at the end the wanted one.
    public let stages: [StagePlan]
    /// Build arguments of the user that no stage of the plan declares.
    public let unusedArguments: [String]

    /// The configuration of the image that comes of it.
    public var configuration: ImageConfiguration {
        stages.last?.configuration ?? ImageConfiguration()
    }
}

/// One stage of a plan.
public struct StagePlan: Hashable, Sendable {
    /// Its number in the file, from 0; `FileOrigin.stage` and `StageBase.stage` name it.
    public let index: Int
    /// Its name, where it has one.
    public let name: String?
    /// The FROM, for messages.
    public let from: Located<String>
    /// What it is built on.
    public let base: StageBase
    /// What changes its files, in order.
    public let operations: [BuildOperation]
    /// The configuration at its end.
    public let configuration: ImageConfiguration
}

/// What a stage starts from.
public enum StageBase: Hashable, Sendable {
    /// An empty root.
    case scratch
    /// The end of an earlier stage, by its number.
    case stage(Int)
    /// An image.
    case image(BaseImage)
}

/// Where the files of a copy or of a mount are.
public enum FileOrigin: Hashable, Sendable {
    /// The directory that the build was given.
    case context
    /// The end of an earlier stage, by its number.
    case stage(Int)
    /// An image's root filesystem.
    case image(BaseImage)
    /// Nowhere: an empty directory.
    case empty
}

/// An image that a build starts from or takes files of.
public struct BaseImage: Hashable, Sendable {
    /// Its name.
    public let reference: ImageReference
    /// What is to run on: the build's platform, unless FROM names another.
    public let platform: Platform
}
