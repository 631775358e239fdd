// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "ARG".

public import OCIStore

/// What a build is told from outside: arguments and platforms.
public struct BuildArguments: Hashable, Sendable {
    /// Names and values, the user's and those of `cross`.
    public let values: [String: String]
    /// The platform the image is for.
    public let platform: Platform
    /// The user's names, which a Dockerfile is expected to declare.
    let expected: Set<String>

    /// The arguments of a build that the user starts by name.
    ///
    /// - Parameters:
    ///   - values: what `--build-arg` says.
    ///   - platform: of the image.
    public init(_ values: [String: String] = [:], platform: Platform = .host) {
        self.values = values
        self.platform = platform
        self.expected = Set(values.keys)
    }

    /// The arguments of the `dockerfile` of a target.
    ///
    /// Those of `cross` win over the user's, as with cross-rs, which names them last.
    ///
    /// - Parameters:
    ///   - values: `dockerfile.build-args`.
    ///   - baseImage: the image that would be used without the Dockerfile; `nil` where the target
    ///     has none.
    ///   - debianArchitecture: the target's, in Debian's spelling; `nil` where Debian has none.
    ///   - isVerbose: whether `-vv` was given.
    ///   - platform: of the image.
    public init(
        _ values: [String: String],
        baseImage: String?,
        debianArchitecture: String?,
        isVerbose: Bool = false,
        platform: Platform = .host
    ) {
        var all = values
        // The original's Dockerfile then decides alone what it starts from.
        all["CROSS_BASE_IMAGE"] = baseImage ?? all["CROSS_BASE_IMAGE"]
        all["CROSS_DEB_ARCH"] = debianArchitecture ?? all["CROSS_DEB_ARCH"]
        if isVerbose { all["VERBOSE"] = "1" }
        self.values = all
        self.platform = platform
        self.expected = Set(values.keys)
    }

    /// Names that have a meaning without being declared: programs see them, keys do not.
    static let proxies: Set<String> = [
        "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "FTP_PROXY", "ftp_proxy",
        "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy",
    ]

    /// The proxies that were given, as `NAME=VALUE`, sorted.
    var proxyVariables: [String] {
        values.filter { Self.proxies.contains($0.key) }.map { "\($0.key)=\($0.value)" }.sorted()
    }

    /// What FROM lines see before any ARG, and stages that ask for it by name.
    func platformVariables(stage: String?) -> [String: String] {
        let variables = [
            "BUILDPLATFORM": "\(Platform.host)",
            "BUILDOS": Platform.host.os,
            "BUILDOSVERSION": "",
            "BUILDARCH": Platform.host.architecture,
            "BUILDVARIANT": Platform.host.variant ?? "",
            "TARGETPLATFORM": "\(platform)",
            "TARGETOS": platform.os,
            "TARGETOSVERSION": "",
            "TARGETARCH": platform.architecture,
            "TARGETVARIANT": platform.variant ?? "",
            "TARGETSTAGE": stage ?? "default",
        ]
        return variables.merging(values.filter { variables.keys.contains($0.key) }) { $1 }
    }
}
