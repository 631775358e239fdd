// SPDX-License-Identifier: MIT OR Apache-2.0

import StoreTestSupport
import Subprocess
import SystemPackage

/// apt with a state of its own, in which nothing is installed.
struct PrivateApt {
    private let configuration: FilePath

    /// Makes the state where it is not there, and tells apt of suites below directories of their own.
    init(
        in directory: FilePath,
        suites: [(directory: FilePath, name: String)],
        architectures: [String]
    ) async throws {
        configuration = directory.appending("apt.conf")
        guard !exists(configuration) else { return }
        try await Program(
            "mkdir",
            "-p",
            directory.appending("state/lists/partial").string,
            directory.appending("cache/archives/partial").string,
            directory.appending("parts").string
        ).check()
        try write("", to: directory.appending("state/status"))
        try write(
            suites.map { "deb [trusted=yes] file:\($0.directory) \($0.name) main\n" }.joined(),
            to: directory.appending("sources.list")
        )
        try write(
            """
            APT::Architecture "amd64";
            APT::Architectures { \(architectures.map { "\"\($0)\"; " }.joined()) };
            APT::Install-Recommends "false";
            APT::Sandbox::User "";
            Acquire::Languages "none";
            Acquire::GzipIndexes "false";
            Dir::Etc::parts "\(directory.appending("parts"))";
            Dir::Etc::main "/dev/null";
            Dir::Etc::preferences "/dev/null";
            Dir::Etc::preferencesparts "/dev/null";
            Dir::Etc::sourcelist "\(directory.appending("sources.list"))";
            Dir::Etc::sourceparts "/dev/null";
            Dir::State "\(directory.appending("state"))";
            Dir::State::status "\(directory.appending("state/status"))";
            Dir::Cache "\(directory.appending("cache"))";

            """,
            to: configuration
        )
        try await run("apt-get", "update", "-qq").check()
    }

    /// What would be installed, as `name:architecture=version`; `nil` where apt sees no way.
    func install(_ packages: [String]) async throws -> Set<String>? {
        let result = try await Program(
            command: ["apt-get", "--simulate", "install"] + packages,
            environment: ["APT_CONFIG": configuration.string]
        ).run()
        guard result.status.isSuccess else { return nil }
        // Inst NAME[:ARCHITECTURE] (VERSION ORIGIN... [ARCHITECTURE]) ...
        let lines = result.output.matches(
            of: /(?m)^Inst ([^ :]+)(?::[^ ]+)? \(([^ ]+) [^\n]*?\[([a-z0-9-]+)\]\)/
        )
        return Set(lines.map { "\($0.output.1):\($0.output.3)=\($0.output.2)" })
    }

    private func run(_ command: String...) -> Program {
        Program(command: command, environment: ["APT_CONFIG": configuration.string])
    }
}
