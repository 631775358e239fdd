// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference.

/// An instruction inside a stage; its words are as written, with quotes and variables.
public enum Instruction: Hashable, Sendable {
    /// `ARG`: names that build arguments may set.
    case arg([ArgumentDeclaration])
    /// `ENV`: variables of every program from here on, and of the image.
    case env([NamedValue])
    /// `LABEL`: annotations of the image.
    case label([NamedValue])
    /// `RUN`: a program to run, whose changes stay.
    case run(RunInstruction)
    /// `COPY`: files of the context, of a stage or of an image.
    case copy(CopyInstruction)
    /// `ADD`: files of the context, archives and URLs.
    case add(AddInstruction)
    /// `WORKDIR`: the directory that programs start in and relative paths start from.
    case workdir(String)
    /// `USER`: who programs run as.
    case user(String)
    /// `SHELL`: what runs a command that is a line; not empty.
    case shell([String])
    /// `ENTRYPOINT`: what wraps every command of the image.
    case entrypoint(CommandLine)
    /// `CMD`: the image's default command.
    case cmd(CommandLine)
    /// `EXPOSE`: ports; taken note of only.
    case expose([String])
    /// `VOLUME`: paths; taken note of only.
    case volume([String])
    /// `STOPSIGNAL`: taken note of only.
    case stopSignal(String)
    /// `HEALTHCHECK`: taken note of only.
    case healthcheck(Healthcheck)
    /// `ONBUILD`: an instruction for those who build on the image, as written.
    case onBuild(String)
    /// `MAINTAINER`: taken note of only.
    case maintainer(String)

    init(_ statement: Statement) throws(DockerfileError) {
        switch statement.keyword {
        case "RUN": self = .run(try RunInstruction(statement))
        case "COPY": self = .copy(try CopyInstruction(statement))
        case "ADD": self = .add(try AddInstruction(statement))
        case "HEALTHCHECK": self = .healthcheck(try Healthcheck(statement))
        case "ONBUILD": self = .onBuild(try statement.trigger())
        default:
            let instruction = try Self.plain(statement)
            try FlagReader(statement).finish()
            self = instruction
        }
    }

    /// The instructions that have no flags.
    private static func plain(_ statement: Statement) throws(DockerfileError) -> Self {
        switch statement.keyword {
        case "ARG": .arg(try statement.declarations())
        case "ENV": .env(try statement.namedValues())
        case "LABEL": .label(try statement.namedValues())
        case "WORKDIR": .workdir(try statement.one())
        case "USER": .user(try statement.one())
        case "SHELL": .shell(try statement.shell())
        case "ENTRYPOINT": .entrypoint(try statement.commandLine())
        case "CMD": .cmd(try statement.commandLine())
        case "EXPOSE": .expose(try statement.some())
        case "VOLUME": .volume(try statement.volumes())
        case "STOPSIGNAL": .stopSignal(try statement.one())
        case "MAINTAINER": .maintainer(try statement.one())
        default:
            throw DockerfileError(.unknownInstruction(statement.keyword), at: statement.location)
        }
    }
}

/// A name that `ARG` declares.
public struct ArgumentDeclaration: Hashable, Sendable {
    /// The name.
    public let name: String
    /// What it is where no build argument says, as written; `nil` where it then has no value.
    public let value: String?
}

/// A name and its value, as `ENV` and `LABEL` have them; both as written.
public struct NamedValue: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The value.
    public let value: String
}

/// A command in one of its two forms.
public enum CommandLine: Hashable, Sendable {
    /// A line for the shell.
    case shell(String)
    /// The program and its arguments.
    case exec([String])
}
