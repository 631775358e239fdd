// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/config_file.md, key by key.

import SystemPackage

extension Configuration {
    /// The image as the user wrote it, shorthands included; never of `[build]`, but for zig's.
    func image(_ target: Target) -> ImageSetting? {
        if let zig = zig(target) { return zig.image }
        return image(
            named: variable(.image, target),
            toolchains: variable(.imageToolchain, target),
            else: document[target].image
        )
    }

    /// The platform of the image that is to be used, and its toolchain; `nil` leaves it to us.
    ///
    /// - Throws: `ConfigurationError.invalidToolchain`.
    func imageToolchain(_ target: Target) throws(ConfigurationError) -> ImageToolchain.Choice? {
        let entries = image(target)?.toolchains ?? []
        return ImageToolchain.choose(
            try entries.map { (entry) throws(ConfigurationError) in try ImageToolchain(entry) }
        )
    }

    /// `native`, `qemu-user` or `qemu-system`, not checked; never of `[build]`.
    func runner(_ target: Target) -> String? {
        variable(.runner, target) ?? document[target].runner
    }

    /// The crates of the standard library to build; empty means all of them, `nil` none.
    func buildStd(_ target: Target) -> [String]? {
        setting(.buildStd, target, \.buildStd, BuildStd.init(_:))?.crates
    }

    /// Zig in place of the image's compiler; `nil` where nobody wants it.
    ///
    /// Whoever says the version wants it, unless somebody says that it is off.
    func zig(_ target: Target) -> Zig? {
        let version = setting(.zigVersion, target, \.zig.version, Self.nonempty)
        let isEnabled =
            setting(.zig, target, \.zig.isEnabled) { Truth($0).value } ?? (version != nil)
        guard isEnabled else { return nil }
        let own = image(
            named: variable(.zigImage, target),
            toolchains: variable(.zigImageToolchain, target),
            else: document[target].zig.image
        )
        let all = image(
            named: variables[ConfigurationKey.zigImage.buildVariable],
            toolchains: variables[ConfigurationKey.zigImageToolchain.buildVariable],
            else: document.build.zig.image
        )
        return Zig(glibc: version, image: own ?? all)
    }

    /// What is done to the root filesystem before anything is built in it.
    func preBuild(_ target: Target) -> PreBuild? {
        setting(.preBuild, target, \.preBuild, PreBuildSetting.init(variable:))?
            .resolved(in: [projectDirectory, directory])
    }

    /// Where `pre-build` is said: the name of a variable, or a place in a file.
    func placeOfPreBuild(_ target: Target) -> String? {
        let key = ConfigurationKey.preBuild
        let own = key.targetVariables(target).first { variables[$0] != nil }
        if let own { return own }
        if document[target].preBuild != nil {
            return document.place(of: ["target", target.triple, "pre-build"])?.description
        }
        if variables[key.buildVariable] != nil { return key.buildVariable }
        return document.place(of: ["build", "pre-build"])?.description
    }

    /// What builds the image; relative paths are the workspace's.
    func dockerfile(_ target: Target) -> ConfiguredDockerfile? {
        guard let file = setting(.dockerfile, target, \.dockerfile.file, Self.nonempty) else {
            return nil
        }
        let context = setting(
            .dockerfileContext,
            target,
            \.dockerfile.context,
            Self.nonempty
        )
        let arguments = document.build.dockerfile.buildArguments
            .merging(document[target].dockerfile.buildArguments) { $1 }
        return ConfiguredDockerfile(
            file: directory.pushing(FilePath(file)).lexicallyNormalized(),
            context: context.map { directory.pushing(FilePath($0)).lexicallyNormalized() }
                ?? projectDirectory,
            buildArguments: arguments
        )
    }

    /// `NAME` and `NAME=VALUE` entries; those for all targets come first.
    ///
    /// A list in the environment replaces both of the file's.
    func passthrough(_ target: Target) -> [String] {
        let build = variables[ConfigurationKey.passthrough.buildVariable].map(Self.words)
        let own = variable(.passthrough, target).map(Self.words)
        guard build == nil, own == nil else { return (build ?? []) + (own ?? []) }
        return (document.build.passthrough ?? []) + (document[target].passthrough ?? [])
    }

    /// `NAME` and `NAME=/path` entries.
    func volumes(_ target: Target) -> [String] {
        setting(.volumes, target, \.volumes, Self.words) ?? []
    }

    /// `image` or `debian`; `nil` where the user leaves it to us.
    ///
    /// - Throws: `ConfigurationError.invalidRootfs`.
    func rootfs(_ target: Target) throws(ConfigurationError) -> RootfsKind? {
        guard let name = setting(.rootfs, target, \.rootfs, Self.nonempty) else { return nil }
        guard let kind = RootfsKind(rawValue: name) else { throw .invalidRootfs(name) }
        return kind
    }

    /// The release of the distribution that a recipe is to be resolved in.
    func suite(_ target: Target) -> String? {
        setting(.suite, target, \.suite, Self.nonempty)
    }

    /// Whether the user says what the root filesystem is, for this target alone.
    func namesRootfs(_ target: Target) -> Bool {
        image(target) != nil || variable(.rootfs, target) != nil || document[target].rootfs != nil
            || variable(.dockerfile, target) != nil || document[target].dockerfile.file != nil
    }

    /// Packages besides those of the manifest; those for all targets come first.
    func packages(_ target: Target) -> [String] {
        let build = variables[ConfigurationKey.packages.buildVariable].map(Self.words)
        let own = variable(.packages, target).map(Self.words)
        return (build ?? document.build.packages ?? []) + (own ?? document[target].packages ?? [])
    }

    private func image(
        named name: String?,
        toolchains: String?,
        else written: ImageSetting?
    ) -> ImageSetting? {
        let list = toolchains?.split(separator: ",").map {
            String($0.trimmingPrefix(while: \.isWhitespace))
        }
        if let name = name.flatMap(Self.nonempty) {
            return ImageSetting(name: name, toolchains: list ?? [])
        }
        return written.map { ImageSetting(name: $0.name, toolchains: list ?? $0.toolchains) }
    }

    /// CI systems set variables to nothing where they mean none.
    private static func nonempty(_ text: String) -> String? { text.isEmpty ? nil : text }
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
