// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/config_file.md and docs/environment_variables.md.

import Sandbox
import SystemPackage

/// The settings of the project's files and of `CROSS_BUILD_…` and `CROSS_TARGET_…`, per target.
///
/// Precedence: environment for the target, file for the target, environment for all, file for all.
struct Configuration: Equatable {
    let document: CrossToml
    let variables: [String: String]
    /// Where relative paths of the file lead: the workspace's directory.
    let directory: FilePath
    /// What stands for the project: the workspace's directory, or one above.
    let projectDirectory: FilePath
    /// What is to be said of the files apart from their keys.
    private let remarks: [String]

    /// Settings from a document and an environment.
    init(
        document: CrossToml,
        variables: [String: String],
        directory: FilePath,
        projectDirectory: FilePath? = nil,
        remarks: [String] = []
    ) {
        self.document = document
        self.variables = variables
        self.directory = directory
        self.projectDirectory = projectDirectory ?? directory
        self.remarks = remarks
    }

    /// Reads `$CROSS_CONFIG`, else `Cross.toml` beside the workspace's manifest, and beneath it the
    /// metadata of the workspace's manifests.
    ///
    /// - Throws: `ConfigurationError`, where a file is there but wrong.
    static func load(
        _ root: WorkspaceRoot,
        _ host: Host
    ) throws(ConfigurationError) -> Configuration {
        let files = try ConfigurationFiles(root, host)
        return Configuration(
            document: try CrossToml(files.sources),
            variables: host.environment,
            directory: root.directory,
            projectDirectory: root.projectDirectory(host),
            remarks: files.remarks
        )
    }

    /// What a user should know of the files; in CI each of these is an error.
    ///
    /// - Throws: `ConfigurationError.invalidToolchain`.
    func warnings(for target: Target) throws(ConfigurationError) -> [String] {
        let choice = try imageToolchain(target)
        let guess = choice.flatMap { choice in
            choice.isGuess
                ? "none of the image's toolchains is for this machine; "
                    + "`\(choice.toolchain.triple)` is taken" : nil
        }
        return remarks + [guess].compactMap(\.self)
            + document.unusedKeys.map(\.description) + document.misspellings(of: target)
            + strangeNames(in: passthrough(target), of: "env.passthrough")
            + strangeNames(in: volumes(target), of: "env.volumes")
    }

    /// Names that no variable has, as where a list was written into one entry.
    private func strangeNames(in entries: [String], of key: String) -> [String] {
        entries.filter { entry in
            !entry.utf8.allSatisfy(Self.isPartOfName) && !entry.utf8.contains(UInt8(ascii: "="))
        }.map { "`\(key)`: `\($0)` is no variable's name; write `NAME` or `NAME=VALUE`" }
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// The target where the command line names none.
    var defaultTarget: String? {
        ["CROSS_BUILD_TARGET", "CARGO_BUILD_TARGET"].lazy.compactMap { variables[$0] }
            .first { !$0.isEmpty } ?? document.build.defaultTarget
    }

    /// cargo's subcommands that run inside besides those which always do.
    var subcommands: [String] {
        variables["CROSS_BUILD_SUBCOMMANDS"].map(Self.words) ?? document.build.subcommands ?? []
    }

    /// What of the user's a build may use to fetch private dependencies.
    ///
    /// - Throws: `ConfigurationError.invalidCredential`.
    var credentials: [Credential] {
        get throws(ConfigurationError) {
            let names =
                variables["CROSS_BUILD_CREDENTIALS"].map(Self.words) ?? document.build.credentials
                ?? []
            return try names.map { (name) throws(ConfigurationError) in
                guard let credential = Credential(rawValue: name) else {
                    throw .invalidCredential(name)
                }
                return credential
            }
        }
    }

    /// What of that which a sandbox refuses the user wants allowed.
    ///
    /// - Throws: `ConfigurationError.invalidAllowance`.
    var allowances: Set<Allowance> {
        get throws(ConfigurationError) {
            let names =
                variables["CROSS_BUILD_ALLOW"].map(Self.words) ?? document.build.allow ?? []
            return Set(
                try names.map { (name) throws(ConfigurationError) in
                    guard let allowance = Allowance(rawValue: name) else {
                        throw .invalidAllowance(name)
                    }
                    return allowance
                }
            )
        }
    }

    /// What a build may do with the project.
    ///
    /// - Throws: `ConfigurationError.invalidProjectAccess`.
    var projectAccess: ProjectAccess {
        get throws(ConfigurationError) {
            let name = variables["CROSS_BUILD_PROJECT"] ?? document.build.project ?? ""
            guard !name.isEmpty else { return .readOnly }
            guard let access = ProjectAccess(rawValue: name) else {
                throw .invalidProjectAccess(name)
            }
            return access
        }
    }

    /// What a run may use of the machine.
    ///
    /// - Throws: `ConfigurationError.invalidLimit`.
    var limits: ResourceLimits {
        get throws(ConfigurationError) {
            let memory = variables["CROSS_BUILD_MEMORY_LIMIT"] ?? document.build.memoryLimit
            let processes =
                variables["CROSS_BUILD_PROCESS_LIMIT"]
                ?? document.build.processLimit.map(String.init)
            return ResourceLimits(
                memory: try ResourceLimits.number(memory, key: "memory-limit", hasUnit: true),
                processes: try ResourceLimits.number(processes, key: "process-limit")
            )
        }
    }

    /// Whether sccache is put in front of rustc.
    var wantsCompilerCache: Bool {
        variables["CROSS_BUILD_SCCACHE"].map { Truth($0).value } ?? document.build.sccache ?? false
    }

    /// Where the user's own manifests are.
    func manifests(_ host: Host) -> FilePath? {
        if let named = variables["CROSS_BUILD_ROOTFS_MANIFESTS"] {
            return host.absolute(FilePath(named))
        }
        return document.build.manifests.map { directory.pushing(FilePath($0)) }
    }

    /// A setting of `build.debian`.
    func mirror(_ key: MirrorKey) -> String? {
        variables["CROSS_BUILD_DEBIAN_\(key.variable)"] ?? document.build.mirrors[key.rawValue]
    }

    /// A setting of the target, else of all; the environment's word comes first at either.
    ///
    /// - Parameters:
    ///   - key: the ends of the variables' names.
    ///   - target: whose setting it is.
    ///   - path: where a section of the file has it.
    ///   - read: reads a variable's value.
    /// - Returns: `nil` where nobody says anything.
    func setting<Value>(
        _ key: ConfigurationKey,
        _ target: Target,
        _ path: KeyPath<SettingsSection, Value?>,
        _ read: (String) -> Value?
    ) -> Value? {
        variable(key, target).flatMap(read) ?? document[target][keyPath: path]
            ?? variables[key.buildVariable].flatMap(read) ?? document.build[keyPath: path]
    }

    /// What the environment says for a target alone.
    func variable(_ key: ConfigurationKey, _ target: Target) -> String? {
        key.targetVariables(target).lazy.compactMap { variables[$0] }.first
    }

    /// The parts of a list in the environment.
    static func words(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
