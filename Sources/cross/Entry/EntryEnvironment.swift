// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, the environment of its container.

import SystemPackage

extension Entry {
    /// Later settings win over earlier ones, in the order of cross-rs.
    func environment(
        _ rootfs: borrowing Rootfs,
        _ volumes: [Volume]
    ) throws(ConfigurationError) -> InsideEnvironment {
        var environment = InsideEnvironment(rootfs.environment)
        if testsInParallel(rootfs) { environment[Self.testThreads] = nil }
        environment["HOME"] = environment["HOME"] ?? host.home?.string ?? "/tmp"
        for wrapper in absentWrappers where environment[wrapper.key.variable] == nil {
            environment[wrapper.key.variable] = ""
        }
        if configuration.zig(target) == nil, Self.isOfReleases(rootfs) {
            environment["PKG_CONFIG_ALLOW_CROSS"] = "1"
        }
        try environment.forward(host)
        try environment.forward(try configuration.credentials, host)
        for entry in configuration.passthrough(target) { try environment.pass(entry, host) }
        environment["CARGO_HOME"] = cargoHome.path.string
        environment["CARGO_TARGET_DIR"] = InsideArguments.targetDirectory
        if configuration.zig(target) != nil { environment["XDG_CACHE_HOME"] = ZigCommand.cache }
        environment["USER"] = host.userName
        for entry in containerOptions.environment { try environment.pass(entry, host) }
        environment["PATH"] = path(environment["PATH"] ?? rootfs.searchPath, rootfs)
        environment["CROSS_RUST_SYSROOT"] = toolchain.mounted?.sysroot
        let version = toolchain.mounted?.version ?? .unknown
        environment["CROSS_RUSTC_MAJOR_VERSION"] = String(version.major)
        environment["CROSS_RUSTC_MINOR_VERSION"] = String(version.minor)
        environment["CROSS_RUSTC_PATCH_VERSION"] = String(version.patch)
        for volume in volumes { environment[volume.variable] = volume.path.string }
        return environment
    }

    /// Variables by which the caller's environment replaces what the root filesystem tells cargo of
    /// compilers and runners.
    ///
    /// - Returns: their names, sorted.
    func replacedVariables(_ rootfs: borrowing Rootfs) -> [String] {
        rootfs.environment.filter { name, value in
            name.hasPrefix("CARGO_TARGET_") && InsideEnvironment.isForwarded(name)
                && host.environment[name].map { $0 != value } ?? false
        }.keys.sorted()
    }

    /// Whether an image is one for the releases of cross-rs, which set some variables for all of them.
    ///
    /// Later images, zig's apart, set these themselves where they mean them, and all say what the
    /// target's sysroot is.
    private static func isOfReleases(_ rootfs: borrowing Rootfs) -> Bool {
        rootfs.mirrors == nil && rootfs.environment["CROSS_SYSROOT"] == nil
            && rootfs.environment["PKG_CONFIG_ALLOW_CROSS"] == nil
    }

    /// The image's programs come first, as in cross-rs, unless the user named the toolchain.
    private func path(_ inside: String, _ rootfs: borrowing Rootfs) -> String {
        guard let programs = toolchain.mounted?.programs.string else { return inside }
        return rootfs.program("cargo") == nil ? "\(inside):\(programs)" : "\(programs):\(inside)"
    }
}
