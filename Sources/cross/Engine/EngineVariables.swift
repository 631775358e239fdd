// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/environment_variables.md, and docs/remote.md.

/// The variables by which cross-rs is told how to run a container engine.
struct EngineVariables {
    /// What changes the build if it means nothing.
    let warnings: [String]
    /// What means nothing and is missed by nobody.
    let note: String?

    /// Looks which of them are set.
    init(_ host: Host) {
        let isSet = { (name: String) in host.environment[name].map { !$0.isEmpty } ?? false }
        var warnings: [String] = []
        if Truth(host.environment["CROSS_REMOTE"] ?? "").value {
            warnings.append(
                "CROSS_REMOTE asks for another machine's container engine; this machine builds"
            )
        }
        if isSet(Self.current), isSet(Self.old) {
            warnings.append("\(Self.old) is not read, because \(Self.current) is set")
        }
        self.warnings = warnings
        let idle = Self.idle.filter(isSet)
        note =
            idle.isEmpty
            ? nil : "no container engine is run, so nobody reads " + idle.joined(separator: ", ")
    }

    /// The engine's own options, as the user wrote them.
    static func options(_ host: Host) -> String {
        [current, old].lazy.compactMap { host.environment[$0] }.first { !$0.isEmpty } ?? ""
    }

    private static let current = "CROSS_CONTAINER_OPTS"
    private static let old = "DOCKER_OPTS"

    private static let idle = [
        "CROSS_CONTAINER_ENGINE", "CROSS_CONTAINER_UID", "CROSS_CONTAINER_GID",
        "CROSS_CONTAINER_USER_NAMESPACE", "CROSS_ROOTLESS_CONTAINER_ENGINE",
        "CROSS_CONTAINER_IN_CONTAINER", "CROSS_DOCKER_IN_DOCKER",
        "CROSS_CONTAINER_ENGINE_NO_BUILDKIT", "CROSS_BUILD_OPTS", "CROSS_BUILD_PROGRESS",
        "CROSS_REMOTE_COPY_REGISTRY", "CROSS_REMOTE_COPY_CACHE",
        "CROSS_REMOTE_COPY_FULL_TARGET_DIR", "CROSS_REMOTE_SKIP_BUILD_ARTIFACTS",
    ]
}
