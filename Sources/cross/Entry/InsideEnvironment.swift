// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/environment_variables.md and its container set-up.

import SystemPackage

/// The environment of a build: the root filesystem's, what `cross` sets, and what the user lets through.
///
/// Everything else of the caller's environment stays outside.
struct InsideEnvironment {
    /// By name; the last word on each.
    private(set) var variables: [String: String]

    /// Starts with what the root filesystem's programs are to see.
    init(_ rootfs: [String: String]) {
        variables = rootfs
    }

    /// `NAME=VALUE` entries in a fixed order.
    var entries: [String] { variables.map { "\($0)=\($1)" }.sorted() }

    /// Reads or sets a variable; `nil` removes it.
    subscript(_ name: String) -> String? {
        get { variables[name] }
        set { variables[name] = newValue }
    }

    /// Lets through what cross-rs forwards without being asked, except registry tokens.
    ///
    /// - Throws: `ConfigurationError.notUTF8`.
    mutating func forward(_ host: Host) throws(ConfigurationError) {
        for name in host.environment.keys where Self.isForwarded(name) { try take(name, host) }
    }

    /// Lets through what belongs to credentials that the configuration names.
    ///
    /// - Throws: `ConfigurationError.notUTF8`.
    mutating func forward(
        _ credentials: [Credential],
        _ host: Host
    ) throws(ConfigurationError) {
        for name in host.environment.keys where credentials.contains(where: { $0.owns(name) }) {
            try take(name, host)
        }
    }

    /// Lets through what the configuration names: `NAME` as it is outside, or `NAME=VALUE`.
    ///
    /// - Throws: `ConfigurationError.invalidVariable`, `.notUTF8`.
    mutating func pass(_ entry: String, _ host: Host) throws(ConfigurationError) {
        let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard !name.isEmpty, name != "CROSS_RUNNER", !name.utf8.contains(0) else {
            throw .invalidVariable(entry)
        }
        if parts.count == 2 {
            variables[name] = String(parts[1])
        } else {
            try take(name, host)
        }
    }

    /// Lets a variable through as it is outside; what could only be changed on the way is an error.
    private mutating func take(_ name: String, _ host: Host) throws(ConfigurationError) {
        guard !host.foreignVariables.contains(name) else { throw .notUTF8(variable: name) }
        variables[name] = host.environment[name]
    }

    static func isForwarded(_ name: String) -> Bool {
        if forwarded.contains(name) { return true }
        if name.hasPrefix("CARGO_") { return !withheld.contains(name) && !isSecret(name) }
        return name.hasPrefix("CROSS_") && !name.hasPrefix("CROSS_RUSTC_")
            && name != "CROSS_RUNNER" && name != "CROSS_STORE" && name != "CROSS_STORE_RO"
            && name != "CROSS_ISOLATION" && name != "CROSS_WITHOUT"
    }

    /// A build has no business with a registry's credentials.
    static func isSecret(_ name: String) -> Bool {
        name == "CARGO_REGISTRY_TOKEN" || name.hasSuffix("_CREDENTIAL_PROVIDER")
            || name.hasPrefix("CARGO_REGISTRIES_") && name.hasSuffix("_TOKEN")
    }

    private static let forwarded: Set<String> = [
        "TERM", "RUSTDOCFLAGS", "RUSTFLAGS", "BROWSER", "HTTP_TIMEOUT", "QEMU_STRACE", "QEMU_CPU",
        "RUST_TEST_THREADS",
        "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
        "no_proxy", "NO_PROXY",
    ]

    /// Names of programs and directories of the host's, which mean nothing inside.
    private static let withheld: Set<String> = [
        "CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_BUILD_RUSTC",
        "CARGO_BUILD_RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_RUSTDOC",
    ]
}
