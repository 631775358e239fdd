// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/environment_variables.md.

/// A setting that the environment can say as well, by the end of its variables' names.
enum ConfigurationKey: String, CaseIterable {
    case image = "IMAGE"
    case imageToolchain = "IMAGE_TOOLCHAIN"
    case runner = "RUNNER"
    case buildStd = "BUILD_STD"
    case zig = "ZIG"
    case zigVersion = "ZIG_VERSION"
    case zigImage = "ZIG_IMAGE"
    case zigImageToolchain = "ZIG_IMAGE_TOOLCHAIN"
    case preBuild = "PRE_BUILD"
    case dockerfile = "DOCKERFILE"
    case dockerfileContext = "DOCKERFILE_CONTEXT"
    case passthrough = "ENV_PASSTHROUGH"
    case volumes = "ENV_VOLUMES"
    case rootfs = "ROOTFS"
    case suite = "SUITE"
    case packages = "PACKAGES"

    /// The variable for all targets; a name that begins with `BUILD_` does so once.
    var buildVariable: String {
        rawValue.hasPrefix("BUILD_") ? "CROSS_\(rawValue)" : "CROSS_BUILD_\(rawValue)"
    }

    /// The variables for one target, the first one first.
    ///
    /// A dot cannot be part of a variable's name in a shell, so an underscore is taken as well.
    func targetVariables(_ target: Target) -> [String] {
        let upper = target.triple.uppercased()
        return ["-", "-."].map { marks in
            "CROSS_TARGET_\(String(upper.map { marks.contains($0) ? "_" : $0 }))_\(rawValue)"
        }
    }
}
