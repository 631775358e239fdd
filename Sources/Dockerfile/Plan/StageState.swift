// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference; BuildKit for what an instruction leaves to the next.

import OCIStore

/// What an instruction stands in: its place, and the stages around.
struct InstructionContext {
    let place: Located<Instruction>
    private let index: Int
    private let graph: StageGraph

    init(_ place: Located<Instruction>, in index: Int, of graph: StageGraph) {
        self.place = place
        self.index = index
        self.graph = graph
    }

    func origin(_ name: String) throws(DockerfileError) -> FileOrigin {
        try graph.origin(name, in: index, at: place.location)
    }

    func error(_ fault: DockerfileFault) -> DockerfileError {
        DockerfileError(fault, at: place.location)
    }
}

/// What instructions of a stage leave to those behind them.
struct StageState {
    private(set) var configuration: ImageConfiguration
    /// What `$NAME` means, and what programs see: ENV and ARG, the last one counts.
    private(set) var variables: [String: String]
    /// The names that ARGs declared.
    private(set) var declared: Set<String>
    private var hasCommand = false
    private let arguments: BuildArguments
    private let scope: GlobalScope

    private static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    init(
        on base: StageBase,
        _ known: [BaseImage: ImageConfiguration],
        _ states: [Int: StageState],
        _ arguments: BuildArguments,
        _ scope: GlobalScope
    ) {
        self.arguments = arguments
        self.scope = scope
        if case .stage(let index) = base, let state = states[index] {
            configuration = state.configuration
            variables = state.variables
            declared = state.declared
        } else {
            if case .image(let image) = base, let known = known[image] {
                configuration = known
            } else {
                configuration = ImageConfiguration()
            }
            variables = [:]
            declared = []
            for entry in configuration.environment {
                let (name, value) = Self.cut(entry)
                variables[name] = value
            }
        }
        configuration.onBuild = []
        if variables["PATH"] == nil { set("PATH", Self.searchPath) }
        configuration.workingDirectory = GuestPath.clean(configuration.workingDirectory)
    }

    /// Takes an instruction in.
    ///
    /// - Returns: what is to be done to the stage's files; `nil` where it only says something.
    mutating func apply(
        _ context: InstructionContext
    ) throws(DockerfileError) -> BuildOperation.Action? {
        switch context.place.value {
        case .arg(let declarations): try declare(declarations, context)
        case .env(let values):
            for (name, value) in try expanded(values, context) { set(name, value) }
        case .label(let values):
            for (name, value) in try expanded(values, context) {
                configuration.labels[name] = value
            }
        case .workdir(let path):
            let path = GuestPath.join(
                configuration.workingDirectory,
                try expand(path, context)
            )
            configuration.workingDirectory = path
            return path == "/" ? nil : .makeDirectory(path: path, user: configuration.user)
        case .user(let user): configuration.user = try expand(user, context)
        case .shell(let words): configuration.shell = words
        case .entrypoint(let line):
            configuration.entrypoint = words(of: line)
            if !hasCommand { configuration.command = [] }
        case .cmd(let line):
            configuration.command = words(of: line)
            hasCommand = true
        case .onBuild(let text): configuration.onBuild.append(text)
        case .expose(let words), .volume(let words):
            for word in words { _ = try expand(word, context) }
        case .stopSignal(let word):
            let signal = try expand(word, context)
            guard Self.isSignal(signal) else { throw context.error(.signal(signal)) }
        case .healthcheck, .maintainer: break
        case .run(let run): return .run(try RunStep(run, self, context, arguments))
        case .copy(let copy): return .copy(try CopyStep(copy, self, context))
        case .add(let add): return .copy(try CopyStep(add, self, context))
        }
        return nil
    }

    /// Expands a word of an instruction.
    func expand(
        _ word: String,
        _ context: InstructionContext
    ) throws(DockerfileError) -> String {
        try WordExpansion(variables, escape: scope.escape).expand(word, at: context.place)
    }

    /// A command as the words that run it.
    func words(of line: CommandLine) -> [String] {
        switch line {
        case .exec(let words): words
        case .shell(""): []
        case .shell(let text): shell + [text]
        }
    }

    /// What runs a command that is a line.
    private var shell: [String] {
        configuration.shell.isEmpty ? ["/bin/sh", "-c"] : configuration.shell
    }

    /// All names and values are expanded with what was known in front of the instruction.
    private func expanded(
        _ values: [NamedValue],
        _ context: InstructionContext
    ) throws(DockerfileError) -> [(String, String)] {
        var result: [(String, String)] = []
        for value in values {
            result.append((try expand(value.name, context), try expand(value.value, context)))
        }
        return result
    }

    /// Gives a variable to the image and to everything behind.
    private mutating func set(_ name: String, _ value: String) {
        variables[name] = value
        let entry = "\(name)=\(value)"
        let index = configuration.environment.firstIndex { Self.cut($0).name == name }
        if let index {
            configuration.environment[index] = entry
        } else {
            configuration.environment.append(entry)
        }
    }

    /// A build argument wins over the default, that over what is in front of the first FROM.
    private mutating func declare(
        _ declarations: [ArgumentDeclaration],
        _ context: InstructionContext
    ) throws(DockerfileError) {
        for declaration in declarations {
            declared.insert(declaration.name)
            if let given = arguments.values[declaration.name] {
                variables[declaration.name] = given
            } else if let value = declaration.value {
                variables[declaration.name] = try expand(value, context)
            } else if let global = scope.variables[declaration.name] {
                variables[declaration.name] = global
            }
        }
    }

    private static func cut(_ entry: String) -> (name: String, value: String) {
        let parts = entry.unicodeScalars
            .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
    }

    /// A number, or a name with or without `SIG`.
    private static func isSignal(_ text: String) -> Bool {
        if let number = Int(text) { return (1...64).contains(number) }
        let name = text.uppercased()
        let short = name.utf8.starts(with: "SIG".utf8) ? String(name.dropFirst(3)) : name
        return signals.contains(short) || Self.isRealTime(short)
    }

    private static func isRealTime(_ name: String) -> Bool {
        for (prefix, range) in [("RTMIN", 0...15), ("RTMAX", -14...0)]
        where name.utf8.starts(with: prefix.utf8) {
            let rest = name.dropFirst(prefix.utf8.count)
            return rest.isEmpty || Int(rest).map(range.contains) == true
        }
        return false
    }

    private static let signals: Set<String> = [
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT",
        "KILL", "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM",
        "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ",
    ]
}
