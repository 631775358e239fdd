// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "FROM", "ARG", "ONBUILD".

public import OCIStore

/// Turns a Dockerfile and what a build is told into a plan.
///
/// Nothing is looked up here. What images say of themselves is asked for, since variables, working
/// directory and triggers of a base image count: call `plan` with what is known, get the images
/// that are not, and call it again. Images can have triggers that need further images.
public struct BuildPlanner: Sendable {
    private let dockerfile: Dockerfile
    private let arguments: BuildArguments
    private let scope: GlobalScope
    private let target: Int

    /// How far a plan is.
    public enum Planning: Hashable, Sendable {
        /// These images' configurations are needed; an image without one has an empty one.
        case needs([BaseImage])
        /// The plan.
        case complete(BuildPlan)
    }

    /// Prepares the plan of a stage.
    ///
    /// - Parameters:
    ///   - dockerfile: read.
    ///   - target: the stage's name or number; `nil` for the last.
    ///   - arguments: what the build is told.
    /// - Throws: `DockerfileError` where there is no such stage, or an ARG in front of the first
    ///   FROM cannot be expanded.
    public init(
        _ dockerfile: Dockerfile,
        target: String? = nil,
        arguments: BuildArguments
    ) throws(DockerfileError) {
        self.dockerfile = dockerfile
        self.arguments = arguments
        self.target = try Self.stage(target, of: dockerfile)
        let name = target ?? dockerfile.stages[self.target].name
        self.scope = try GlobalScope(dockerfile, arguments, stage: name)
    }

    /// Plans with what is known.
    ///
    /// - Parameter known: what images say of themselves; may hold others.
    /// - Returns: the plan, or what else must be known.
    /// - Throws: `DockerfileError`.
    public func plan(
        knowing known: [BaseImage: ImageConfiguration] = [:]
    ) throws(DockerfileError) -> Planning {
        let graph = try StageGraph(dockerfile, target, scope, arguments.platform, known)
        guard graph.unknownImages.isEmpty else { return .needs(graph.unknownImages) }
        var plans: [StagePlan] = []
        var states: [Int: StageState] = [:]
        for node in graph.nodes {
            let stage = dockerfile.stages[node.index]
            var state = StageState(on: node.base, known, states, arguments, scope)
            var operations: [BuildOperation] = []
            for instruction in node.instructions {
                let context = InstructionContext(instruction, in: node.index, of: graph)
                guard let action = try state.apply(context) else { continue }
                operations.append(BuildOperation(action, instruction))
            }
            states[node.index] = state
            plans.append(
                StagePlan(
                    index: node.index,
                    name: stage.name,
                    from: stage.from,
                    base: node.base,
                    operations: operations,
                    configuration: state.configuration
                )
            )
        }
        let declared = states.values.reduce(scope.declared) { $0.union($1.declared) }
        let unused = arguments.expected.subtracting(declared).subtracting(BuildArguments.proxies)
        return .complete(BuildPlan(stages: plans, unusedArguments: unused.sorted()))
    }

    private static func stage(
        _ target: String?,
        of dockerfile: Dockerfile
    ) throws(DockerfileError) -> Int {
        let stages = dockerfile.stages
        guard let target else { return stages.count - 1 }
        if let index = stages.lastIndex(where: { $0.name == target.lowercased() }) { return index }
        if let index = Int(target), stages.indices.contains(index) { return index }
        throw DockerfileError(
            .unknownStage(target, known: stages.compactMap(\.name)),
            at: stages[0].from.location
        )
    }
}
