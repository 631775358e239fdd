// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/config_file.md and docs/environment_variables.md.

import OCIStore
import SystemPackage

/// The settings of `Cross.toml` and of `CROSS_BUILD_…` and `CROSS_TARGET_…`, per target.
///
/// Precedence: environment for the target, file for the target, environment for all, file for all.
struct Configuration: Equatable {
    /// The file the settings come from, or would.
    private let file: FilePath
    private let document: CrossToml
    private let variables: [String: String]

    /// Settings from a document and an environment.
    init(file: FilePath, document: CrossToml, variables: [String: String]) {
        self.file = file
        self.document = document
        self.variables = variables
    }

    /// Reads `$CROSS_CONFIG`, else `Cross.toml` beside the workspace's manifest.
    ///
    /// - Throws: `ConfigurationError`, where a file is there but wrong.
    static func load(
        _ root: WorkspaceRoot,
        _ host: Host
    ) throws(ConfigurationError) -> Configuration {
        let named = host.environment["CROSS_CONFIG"].map { host.absolute(FilePath($0)) }
        let file = named ?? root.directory.appending("Cross.toml")
        let document = try CrossToml.read(file)
        guard document != nil || named == nil else { throw .noSuchFile(file) }
        return Configuration(
            file: file,
            document: document ?? CrossToml(),
            variables: host.environment
        )
    }

    /// Keys of the file that mean nothing, spelled with dots.
    var unknownKeys: [String] { document.unknownKeys }

    /// The target where the command line names none.
    var defaultTarget: String? {
        variable("CROSS_BUILD_TARGET") ?? variable("CARGO_BUILD_TARGET")
            ?? document.build.defaultTarget
    }

    /// Refuses a file that asks, for this target or for all, for what is not supported yet.
    ///
    /// - Throws: `ConfigurationError.unsupported`.
    func check(_ target: Target) throws(ConfigurationError) {
        let keys = document.build.unsupportedKeys + document[target].unsupportedKeys
        if let key = keys.first { throw .unsupported(file, key: key) }
    }

    /// The image as the user wrote it, shorthands included.
    func image(_ target: Target) -> String? {
        variable("IMAGE", target) ?? document[target].image
    }

    /// `native`, `qemu-user` or `qemu-system`, not checked.
    func runner(_ target: Target) -> String? {
        variable("RUNNER", target) ?? document[target].runner
    }

    /// `NAME` and `NAME=VALUE` entries; those for all targets come first.
    func passthrough(_ target: Target) -> [String] {
        let key = "ENV_PASSTHROUGH"
        let build = variable("CROSS_BUILD_\(key)").map(words)
        let own = variable(key, target).map(words)
        guard build == nil, own == nil else { return (build ?? []) + (own ?? []) }
        return (document.build.passthrough ?? []) + (document[target].passthrough ?? [])
    }

    /// `NAME` and `NAME=/path` entries.
    func volumes(_ target: Target) -> [String] {
        let key = "ENV_VOLUMES"
        return variable(key, target).map(words) ?? document[target].volumes
            ?? variable("CROSS_BUILD_\(key)").map(words) ?? document.build.volumes ?? []
    }

    /// The crates of the standard library to build; empty means all of them, `nil` none.
    func buildStd(_ target: Target) -> [String]? {
        let key = "BUILD_STD"
        let choice =
            variable(key, target).map(BuildStd.init) ?? document[target].buildStd
            ?? variable("CROSS_\(key)").map(BuildStd.init) ?? document.build.buildStd
        return choice?.crates
    }

    /// `image` or `debian`; `nil` where the user leaves it to us.
    ///
    /// - Throws: `ConfigurationError.invalidRootfs`.
    func rootfs(_ target: Target) throws(ConfigurationError) -> RootfsKind? {
        let key = "ROOTFS"
        let name =
            variable(key, target) ?? document[target].rootfs ?? variable("CROSS_BUILD_\(key)")
            ?? document.build.rootfs
        guard let name else { return nil }
        guard let kind = RootfsKind(rawValue: name) else { throw .invalidRootfs(name) }
        return kind
    }

    /// The release of the distribution that a recipe is to be resolved in.
    func suite(_ target: Target) -> String? {
        let key = "SUITE"
        return variable(key, target) ?? document[target].suite ?? variable("CROSS_BUILD_\(key)")
            ?? document.build.suite
    }

    /// Packages besides those of the manifest; those for all targets come first.
    func packages(_ target: Target) -> [String] {
        let key = "PACKAGES"
        return (variable("CROSS_BUILD_\(key)").map(words) ?? document.build.packages ?? [])
            + (variable(key, target).map(words) ?? document[target].packages ?? [])
    }

    /// Where the user's own manifests are.
    func manifests(_ host: Host) -> FilePath? {
        if let named = variable("CROSS_BUILD_ROOTFS_MANIFESTS") {
            return host.absolute(FilePath(named))
        }
        return document.build.manifests.map { file.removingLastComponent().pushing(FilePath($0)) }
    }

    /// A setting of `build.debian`.
    func mirror(_ key: MirrorKey) -> String? {
        variable("CROSS_BUILD_DEBIAN_\(key.variable)") ?? document.build.mirrors[key.rawValue]
    }

    private func variable(_ name: String) -> String? { variables[name] }

    /// A dot cannot be part of a variable's name in a shell, so an underscore is taken as well.
    private func variable(_ key: String, _ target: Target) -> String? {
        let upper = target.triple.uppercased()
        return ["-", "-."].lazy
            .map { marks in String(upper.map { marks.contains($0) ? "_" : $0 }) }
            .compactMap { variables["CROSS_TARGET_\($0)_\(key)"] }
            .first
    }

    private func words(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
}

/// `rootfs`: what a root filesystem is made from.
enum RootfsKind: String {
    case image
    case debian
}

/// The keys of `build.debian`: where packages are, in place of what the machine's apt says.
enum MirrorKey: String, CaseIterable {
    case mirror
    case securityMirror = "security-mirror"
    case keyring
    case snapshots

    /// The end of the variable's name.
    var variable: String { String(rawValue.uppercased().map { $0 == "-" ? "_" : $0 }) }
}

/// What is wrong with the configuration.
enum ConfigurationError: Error, Equatable {
    case noSuchFile(FilePath)
    case unreadable(TextFileError)
    case syntax(FilePath, TOMLSyntaxError)
    case wrongType(FilePath, key: String, expected: String)
    case unsupported(FilePath, key: String)
    case invalidImage(String, ImageReferenceError)
    case invalidRunner(String)
    case invalidRootfs(String)
    case packagesInImage
    case invalidVariable(String)
    case noSuchVolume(FilePath)
}
