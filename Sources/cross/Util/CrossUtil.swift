// SPDX-License-Identifier: MIT OR Apache-2.0

public import ArgumentParser
public import Console
import Glibc
import OCIStore

/// `cross-util`: what is done with root filesystems rather than with cargo.
struct CrossUtil: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cross-util",
        abstract: "Manages the root filesystems that cross builds in.",
        version: "cross-util \(Version.number)",
        subcommands: [
            Build.self, Pull.self, Import.self, Export.self, Push.self, Images.self, Targets.self,
            Update.self, Run.self, Clean.self, StoreCommands.self, Volumes.self, Containers.self,
            Completions.self, DoctorCommand.self,
        ]
    )

    /// Runs a command line.
    ///
    /// - Returns: the exit status; 125 for anything that went wrong, a usage error included.
    static func enter(_ arguments: [String]) -> Int32 {
        do {
            var command = try parseAsRoot(withoutChannel(arguments))
            try command.run()
            return 0
        } catch {
            guard let explanation = Explanation(ofOwn: error) else { return answer(error) }
            explanation.show(on: .standard)
            return explanation.status
        }
    }

    /// The arguments with `+toolchain`, which cross-rs takes as the first, as an option of `run`.
    private static func withoutChannel(_ arguments: [String]) -> [String] {
        guard let first = arguments.first, first.hasPrefix("+") else { return arguments }
        let rest = arguments.dropFirst()
        guard rest.first == "run" else { return Array(rest) }
        return ["run", "--toolchain", String(first.dropFirst())] + rest.dropFirst()
    }

    /// What the argument parser has to say: help that was asked for, or a usage error.
    private static func answer(_ error: any Error) -> Int32 {
        // How a command ended that was run inside.
        if let code = error as? ExitCode { return code.rawValue }
        let message = fullMessage(for: error)
        guard exitCode(for: error).isSuccess else {
            // Errors of the parser begin as all others do.
            Console.plain(message.hasPrefix("Error: ") ? "e" + message.dropFirst() : message)
            return 125
        }
        StandardOutput.write(message)
        return 0
    }
}

/// How much a command of `cross-util` says, and in what colours.
struct SpeechOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say what is done and why.")
    var verbose = false

    @Option(name: .customLong("color"), help: "When to colour: auto, always or never.")
    var colour: ColourChoice = .auto

    @Option(
        help: "How to show progress: auto, plain, tty, none, json. (default: $CROSS_PROGRESS)"
    )
    var progress: ProgressForm?

    mutating func validate() throws {
        guard !(quiet && verbose) else {
            throw ValidationError("--quiet and --verbose exclude each other.")
        }
    }

    func console(_ host: Host) -> Console {
        Console(
            verbosity: quiet ? .quiet : verbose ? .verbose : .normal,
            choice: colour,
            environment: host.environment,
            progress: progress
                ?? host.environment["CROSS_PROGRESS"].flatMap { ProgressForm(rawValue: $0) }
        )
    }
}

extension ColourChoice: ExpressibleByArgument {}
extension ProgressForm: ExpressibleByArgument {}
