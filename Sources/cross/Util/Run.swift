// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import Console
import Sandbox

/// `cross-util run`: a command in a target's root filesystem, as a build would see it.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a command in a target's root filesystem, with all that a build sees there."
    )

    @Option(
        name: .shortAndLong,
        help: "The target; without it, the one that cross would build for.",
        completion: .list(ManifestLibrary.triples)
    )
    var target: String?

    @Option(help: "The host's toolchain to mount, as in cross +nightly.")
    var toolchain: String?

    @Flag(name: .shortAndLong, help: "Means nothing: the terminal is always there.")
    var interactive = false

    @OptionGroup var engine: EngineOptions
    @OptionGroup var speech: SpeechOptions

    /// Where sh is a dash it has no job control: one that leaves a terminal wants to give it back to a
    /// process group which it cannot see from inside, and would end with 2 for it.
    private static let shell = "bash=$(command -v bash) && exec \"$bash\"; exec sh +m"

    @Argument(
        parsing: .postTerminator,
        help: "After --: what sh is to run; without it, a shell asks."
    )
    var command: [String] = []

    mutating func run() throws {
        let host = try Host.current()
        let arguments =
            (toolchain.map { ["+\($0)"] } ?? []) + ["build"]
            + (target.map { ["--target", $0] } ?? [])
        let cross = Cross(
            arguments: arguments,
            invocation: try Invocation(arguments),
            host: host,
            console: speech.console(host),
            command: ["sh", "-c", command.isEmpty ? Self.shell : command.joined(separator: " ")]
        )
        let status = try cross.run()
        guard status.code == 0 else { throw ExitCode(status.code) }
    }
}
