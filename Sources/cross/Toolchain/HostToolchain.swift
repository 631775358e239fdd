// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage

/// A Rust toolchain of the host's.
struct HostToolchain: Equatable, Codable {
    /// The sysroot as rustc spells it.
    let sysroot: String
    let version: RustVersion

    /// Its directory of programs.
    var programs: FilePath { FilePath(sysroot).appending("bin") }

    /// Asks the host's rustc, or takes what it said last time.
    ///
    /// - Parameters:
    ///   - channel: `+toolchain`, without the plus sign.
    ///   - host: whose `RUSTC` or `PATH` names rustc.
    ///   - isOffline: whether rustup may not fetch what is missing.
    /// - Returns: `nil` where the host has no rustc.
    /// - Throws: `ToolchainError`, where rustc does not answer or its toolchain is incomplete.
    static func find(
        _ channel: String?,
        _ host: Host,
        isOffline: Bool
    ) throws -> HostToolchain? {
        guard let rustc = host.program(host.environment["RUSTC"] ?? "rustc") else { return nil }
        let answers = Answers(host)
        let question = question(rustc, channel, host)
        if let known = answers.answer(question, as: HostToolchain.self) { return known }
        var inputs = inputs(rustc, host)
        if let channel, !isOffline { try Rustup(host)?.install(channel: channel) }
        let select = channel.map { ["+\($0)"] } ?? []
        let sysroot = try ask(rustc, select + ["--print", "sysroot"], host)
        let programs = FilePath(sysroot).appending("bin")
        let version = try ask(programs.appending("rustc"), ["--version"], host)
        let toolchain = HostToolchain(sysroot: sysroot, version: RustVersion(version))
        guard programs.appending("cargo").isRegularFile else {
            throw ToolchainError.noCargo(FilePath(sysroot))
        }
        inputs += ["rustc", "cargo"].map { .file(programs.appending($0)) }
        answers.keep(toolchain, to: question, inputs: inputs)
        return toolchain
    }

    /// The toolchain of the same channel for another machine, beside this one.
    ///
    /// - Parameters:
    ///   - triple: what its programs run on.
    ///   - host: whose rustup installs it where it is missing.
    ///   - isOffline: whether rustup may not.
    /// - Returns: this one, where it is for that machine already, or is none of rustup's.
    /// - Throws: `ToolchainError.notInstalled`, or `HostProgramError` where rustup cannot run.
    func sibling(
        for triple: String,
        _ host: Host,
        isOffline: Bool
    ) throws -> HostToolchain {
        let path = FilePath(sysroot)
        guard var name = path.lastComponent.flatMap({ ToolchainName($0.string) }),
            name.triple != triple,
            RustupToolchain(toolchain: self, host: host).isManaged
        else { return self }
        name.triple = triple
        let sibling = path.removingLastComponent().appending(name.description)
        if !sibling.isDirectory, !isOffline { try Rustup(host)?.install(foreign: name) }
        guard sibling.isDirectory else { throw ToolchainError.notInstalled(name) }
        return HostToolchain(
            sysroot: sibling.string,
            version: ChannelManifest.version(of: sibling)
        )
    }

    private static func ask(
        _ rustc: FilePath,
        _ arguments: [String],
        _ host: Host
    ) throws -> String {
        let program = HostProgram(
            path: rustc,
            arguments: arguments,
            environment: host.environment,
            workingDirectory: host.workingDirectory
        )
        let outcome = try program.output()
        guard outcome.status == 0 else { throw ToolchainError.rustcFailed(rustc, outcome.status) }
        return String(decoding: outcome.output, as: UTF8.self)
            .split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }

    /// Everything that rustup looks at when it picks a toolchain.
    private static func question(
        _ rustc: FilePath,
        _ channel: String?,
        _ host: Host
    ) -> [String] {
        ["sysroot", rustc.string, channel ?? "", host.workingDirectory.string]
            + host.variables(startingWith: ["RUSTUP_", "RUSTC", "HOME="])
    }

    private static func inputs(_ rustc: FilePath, _ host: Host) -> [AnswerInput] {
        let rustup = Rustup.directory(host)
        let settings = rustup.map { [$0.appending("settings.toml")] } ?? []
        return ([rustc] + settings + overrides(host)).map(AnswerInput.file)
    }

    /// The files by which a project may name a toolchain, whether they are there or not; the nearest first.
    static func overrides(_ host: Host) -> [FilePath] {
        host.workingDirectory.ancestors.flatMap { directory in
            ["rust-toolchain", "rust-toolchain.toml"].map { directory.appending($0) }
        }
    }
}
