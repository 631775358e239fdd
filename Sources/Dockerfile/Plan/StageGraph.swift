// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore

/// The stages that a wanted stage needs, and what each is built on.
///
/// A stage refers to earlier ones only, so one pass from the wanted one back to the first finds
/// all of them.
struct StageGraph {
    struct Node {
        let index: Int
        let base: StageBase
        /// The triggers of the base, then the stage's own.
        let instructions: [Located<Instruction>]
    }

    /// In the order of the file, so that each comes after those it needs.
    private(set) var nodes: [Node] = []
    /// Images of which nothing is known yet, in the order they are met.
    private(set) var unknownImages: [BaseImage] = []
    private let stages: [Stage]
    private let scope: GlobalScope
    private let platform: Platform
    private let known: [BaseImage: ImageConfiguration]

    init(
        _ dockerfile: Dockerfile,
        _ target: Int,
        _ scope: GlobalScope,
        _ platform: Platform,
        _ known: [BaseImage: ImageConfiguration]
    ) throws(DockerfileError) {
        self.stages = dockerfile.stages
        self.scope = scope
        self.platform = platform
        self.known = known
        var needed: Set<Int> = [target]
        for index in (0...target).reversed() where needed.contains(index) {
            let base = try base(of: index)
            if case .stage(let earlier) = base { needed.insert(earlier) }
            if case .image(let image) = base { note(image) }
            let instructions =
                try triggers(of: base, from: stages[index].from)
                + stages[index].instructions
            for instruction in instructions {
                for name in instruction.value.origins {
                    switch try origin(name, in: index, at: instruction.location) {
                    case .stage(let earlier): needed.insert(earlier)
                    case .image(let image): note(image)
                    case .context, .empty: break
                    }
                }
            }
            nodes.append(Node(index: index, base: base, instructions: instructions))
        }
        nodes.reverse()
    }

    /// What `--from` or a mount's `from` means inside a stage.
    func origin(
        _ name: String,
        in index: Int,
        at location: SourceLocation
    ) throws(DockerfileError) -> FileOrigin {
        if let number = Int(name) {
            guard (0..<index).contains(number) else {
                throw DockerfileError(.laterStage(name), at: location)
            }
            return .stage(number)
        }
        if name == Self.scratch { return .empty }
        if let earlier = earlierStage(name, before: index) { return .stage(earlier) }
        guard !stages.contains(where: { $0.name == name.lowercased() }) else {
            throw DockerfileError(.laterStage(name), at: location)
        }
        return .image(try image(name, platform, at: location))
    }

    private static let scratch = "scratch"

    private mutating func note(_ image: BaseImage) {
        guard known[image] == nil, !unknownImages.contains(image) else { return }
        unknownImages.append(image)
    }

    private func earlierStage(_ name: String, before index: Int) -> Int? {
        stages[..<index].lastIndex { $0.name == name.lowercased() }
    }

    private func base(of index: Int) throws(DockerfileError) -> StageBase {
        let stage = stages[index]
        let name = try scope.expand(stage.base, stage.from)
        guard !name.isEmpty else {
            throw DockerfileError(.emptyBase(stage.base), at: stage.from.location)
        }
        if let earlier = earlierStage(name, before: index) { return .stage(earlier) }
        if name == Self.scratch { return .scratch }
        var platform = platform
        if let word = stage.platform {
            let text = try scope.expand(word, stage.from)
            guard let named = Platform(text) else {
                throw DockerfileError(.platform(text), at: stage.from.location)
            }
            platform = named
        }
        return .image(try image(name, platform, at: stage.from.location))
    }

    private func image(
        _ name: String,
        _ platform: Platform,
        at location: SourceLocation
    ) throws(DockerfileError) -> BaseImage {
        do throws(ImageReferenceError) {
            return BaseImage(reference: try ImageReference(name), platform: platform)
        } catch {
            throw DockerfileError(.reference(name, error), at: location)
        }
    }

    /// What the base wants done by those who build on it.
    private func triggers(
        of base: StageBase,
        from: Located<String>
    ) throws(DockerfileError) -> [Located<Instruction>] {
        let texts: [String] =
            switch base {
            case .scratch: []
            case .image(let image): known[image]?.onBuild ?? []
            case .stage(let index): stages[index].instructions.compactMap(\.value.trigger)
            }
        var triggers: [Located<Instruction>] = []
        for text in texts { triggers.append(try Instruction.trigger(text, from: from)) }
        return triggers
    }
}

extension Instruction {
    /// The names of stages and images that it takes files of.
    fileprivate var origins: [String] {
        switch self {
        case .copy(let copy): [copy.from].compactMap(\.self)
        case .run(let run): run.mounts.compactMap(\.from)
        default: []
        }
    }

    fileprivate var trigger: String? {
        if case .onBuild(let text) = self { text } else { nil }
    }
}

extension Platform {
    /// Reads `os/architecture[/variant]`, or an architecture alone; `nil` where it is none.
    init?(_ text: String) {
        let parts = text.lowercased().split(separator: "/", omittingEmptySubsequences: false)
            .map(String.init)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy {
                    Unicode.Scalar($0).properties.isAlphabetic || (48...57).contains($0)
                        || "._-".utf8.contains($0)
                }
        }
        guard isPlain, (1...3).contains(parts.count) else { return nil }
        let os = parts.count == 1 ? "linux" : parts[0]
        let architecture =
            Self.goNames[parts[min(1, parts.count - 1)]]
            ?? parts[min(1, parts.count - 1)]
        let variant = parts.count == 3 ? parts[2] : nil
        self.init(
            os: os,
            architecture: architecture,
            variant: architecture == "arm64" && variant == "v8" ? nil : variant
        )
    }

    private static let goNames = [
        "x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "i386": "386", "i686": "386",
    ]
}
