// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore

extension RunStep {
    /// What a `RUN` means where it stands.
    init(
        _ run: RunInstruction,
        _ state: StageState,
        _ context: InstructionContext,
        _ arguments: BuildArguments
    ) throws(DockerfileError) {
        switch run.command {
        case .exec(let words):
            (self.arguments, script) = (words, nil)
        case .shell(let line):
            (self.arguments, script) = (state.words(of: .shell(line)), nil)
        case .script(let document):
            let path = "\(Self.scriptDirectory)/\(document.name)"
            (self.arguments, script) = ([path], Script(path: path, content: document.text))
        }
        var mounts: [RunMount] = []
        for options in run.mounts { mounts.append(try RunMount(options, state, context)) }
        self.mounts = mounts
        environment = state.variables.map { "\($0.key)=\($0.value)" }.sorted()
        proxies = arguments.proxyVariables
        user = state.configuration.user
        workingDirectory = state.configuration.workingDirectory
        isOffline = run.isOffline
    }

    /// Where BuildKit has it; a program may look at its own path.
    private static let scriptDirectory = "/dev/pipes"
}
