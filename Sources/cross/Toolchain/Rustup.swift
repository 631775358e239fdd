// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: rustup book, "Toolchains", "Environment variables".

import SystemPackage

/// The user's rustup.
struct Rustup {
    private let program: FilePath
    private let host: Host

    /// The rustup of a user; `nil` where there is none, or the user wants it left alone.
    init?(_ host: Host) {
        guard !Truth(host.environment["CROSS_CUSTOM_TOOLCHAIN"] ?? "").value,
            let program = host.program("rustup")
        else { return nil }
        self.program = program
        self.host = host
    }

    /// Where rustup keeps what it knows; `nil` where this user has no home.
    static func directory(_ host: Host) -> FilePath? {
        host.environment["RUSTUP_HOME"].map { host.absolute(FilePath($0)) }
            ?? host.home?.appending(".rustup")
    }

    /// Has a toolchain installed that is named on the command line, unless there is one of the name.
    ///
    /// - Parameter channel: such as `nightly`, with or without a date and a triple.
    /// - Throws: `HostProgramError`, where rustup cannot run.
    func install(channel: String) throws {
        guard let toolchains = Self.directory(host)?.appending("toolchains"),
            !toolchains.appending(channel).isDirectory,
            Glob.matches(toolchains.appending("\(channel)-*-*").string).isEmpty
        else { return }
        _ = try run(["toolchain", "add", channel, "--profile", "minimal"])
    }

    /// Has a toolchain installed whose programs need not run on this machine.
    ///
    /// - Throws: `HostProgramError`, where rustup cannot run.
    func install(foreign name: ToolchainName) throws {
        _ = try run([
            "toolchain", "add", name.description, "--profile", "minimal", "--force-non-host",
        ])
    }

    /// Runs rustup in the user's sight.
    ///
    /// - Returns: its exit status.
    /// - Throws: `HostProgramError`, where it cannot run.
    func run(_ arguments: [String]) throws -> Int32 {
        try HostProgram(
            path: program,
            arguments: arguments,
            environment: host.environment,
            workingDirectory: host.workingDirectory
        ).status()
    }
}
