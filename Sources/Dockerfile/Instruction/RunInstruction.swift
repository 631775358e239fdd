// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "RUN".

/// `RUN`; the options of its mounts are as written.
public struct RunInstruction: Hashable, Sendable {
    /// What runs.
    public enum Command: Hashable, Sendable {
        /// A line for the shell, with the here-documents it announces put behind it.
        case shell(String)
        /// The program and its arguments.
        case exec([String])
        /// A here-document that begins with `#!`: a program of its own.
        case script(Heredoc)
    }

    /// What runs.
    public let command: Command
    /// `--mount`, each one.
    public let mounts: [MountOptions]
    /// `--network=none`: without the host's network.
    public let isOffline: Bool

    init(_ statement: Statement) throws(DockerfileError) {
        var flags = FlagReader(statement)
        try flags.refuse("security")
        try flags.refuse("device")
        var mounts: [MountOptions] = []
        for text in try flags.values("mount") {
            do throws(MountFault) {
                mounts.append(try MountOptions(text))
            } catch {
                throw DockerfileError(.mount(error), at: flags.location(of: "mount"))
            }
        }
        self.mounts = mounts
        switch try flags.value("network") {
        // The network of a step is the host's unless it asks for none.
        case nil, "default", "host": self.isOffline = false
        case "none": self.isOffline = true
        case let other?:
            throw DockerfileError(.network(other), at: flags.location(of: "network"))
        }
        try flags.finish()
        guard !statement.arguments.isEmpty else { throw statement.wrongArguments(.some) }
        self.command = try Self.command(statement)
    }

    private static func command(_ statement: Statement) throws(DockerfileError) -> Command {
        if let words = try statement.strings() {
            guard !words.isEmpty else { throw statement.wrongArguments(.some) }
            return .exec(words)
        }
        let line = String(scalars: statement.arguments)
        guard let first = statement.heredocs.first else { return .shell(line) }
        // Where nothing but the announcement stands on the line, the document is what runs.
        guard HeredocWord(statement.arguments) != nil else {
            return .shell(statement.heredocs.reduce(line) { "\($0)\n\($1.content)\($1.name)" })
        }
        guard first.text.utf8.starts(with: "#!".utf8) else { return .shell(first.text) }
        guard FileTransfer.isFileName(first.name) else {
            throw DockerfileError(.heredocName(first.name), at: statement.location)
        }
        return .script(first)
    }
}
