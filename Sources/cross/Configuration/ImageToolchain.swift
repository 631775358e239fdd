// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, docs/config_file.md, "image.toolchain"; Go's GOOS and GOARCH for the names.

import OCIStore

/// An entry of `image.toolchain`: a platform of the image, and the toolchain that runs on it.
struct ImageToolchain: Equatable {
    let platform: Platform
    /// The triple of the toolchain's own programs.
    let triple: String

    /// Reads an entry.
    ///
    /// Shape: `<triple>`, or `os/architecture[/variant]=<triple>`, or one of the two platforms that
    /// need no triple.
    ///
    /// - Throws: `ConfigurationError.invalidToolchain`.
    init(_ text: String) throws(ConfigurationError) {
        guard let toolchain = Self.wellKnown[text] ?? Self.parse(text) else {
            throw .invalidToolchain(text)
        }
        self = toolchain
    }

    private init(_ platform: Platform, _ triple: String) {
        self.platform = platform
        self.triple = triple
    }

    /// The one to be used: of several the first for this machine's architecture, then for its
    /// operating system, then the first.
    ///
    /// - Returns: `nil` of none.
    static func choose(_ toolchains: [ImageToolchain]) -> Choice? {
        guard let first = toolchains.first else { return nil }
        let fitting = toolchains.filter { $0.platform.architecture == Platform.host.architecture }
        if let best = fitting.first(where: { $0.platform.os == "linux" }) ?? fitting.first {
            return Choice(toolchain: best, isGuess: false)
        }
        return Choice(toolchain: first, isGuess: toolchains.count > 1)
    }

    /// One of several.
    struct Choice: Equatable {
        let toolchain: ImageToolchain
        /// Whether none of them is for this machine.
        let isGuess: Bool
    }

    private static let wellKnown = [
        "linux/amd64": Self(
            Platform(os: "linux", architecture: "amd64"),
            "x86_64-unknown-linux-gnu"
        ),
        "linux/arm64": Self(
            Platform(os: "linux", architecture: "arm64"),
            "aarch64-unknown-linux-gnu"
        ),
        "linux/arm64/v8": Self(
            Platform(os: "linux", architecture: "arm64"),
            "aarch64-unknown-linux-gnu"
        ),
    ]

    private static func parse(_ text: String) -> Self? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .map(String.init)
        guard let triple = parts.last, (try? Target(triple)) != nil else { return nil }
        let platform = parts.count == 2 ? platform(named: parts[0]) : platform(of: triple)
        return platform.map { Self($0, triple) }
    }

    private static func platform(named text: String) -> Platform? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), let os = operatingSystems[parts[0]],
            let architecture = architectures[parts[1]]
        else { return nil }
        return Platform(os: os, architecture: architecture, variant: parts.dropFirst(2).first)
    }

    private static func platform(of triple: String) -> Platform? {
        let parts = triple.split(separator: "-").map(String.init)
        guard parts.count > 2, let architecture = architectures[parts[0]],
            let os = parts.dropFirst().reversed().lazy.compactMap({ operatingSystem($0) }).first
        else { return nil }
        // Go's arm needs its version; armv7 is the default, and still said.
        let variant = ["armv7": "v7", "arm": "v6"][parts[0]]
        return Platform(os: os, architecture: architecture, variant: variant)
    }

    /// Go's name for a part of a triple; the C library's may be attached to Android's.
    private static func operatingSystem(_ part: String) -> String? {
        part.hasPrefix("android") ? "android" : operatingSystems[part]
    }

    private static let operatingSystems = [
        "android": "android", "darwin": "darwin", "macos": "darwin", "freebsd": "freebsd",
        "illumos": "illumos", "linux": "linux", "netbsd": "netbsd", "solaris": "solaris",
        "windows": "windows",
    ]

    private static let architectures = [
        "i386": "386", "i586": "386", "i686": "386", "386": "386", "amd64": "amd64",
        "x86_64": "amd64", "arm": "arm", "armv7": "arm", "arm64": "arm64", "aarch64": "arm64",
        "mips": "mips", "mips64": "mips64", "mips64el": "mips64le", "mips64le": "mips64le",
        "mipsel": "mipsle", "mipsle": "mipsle", "ppc64": "ppc64", "powerpc64": "ppc64",
        "ppc64le": "ppc64le", "powerpc64le": "ppc64le", "riscv64": "riscv64",
        "riscv64gc": "riscv64", "s390x": "s390x", "wasm": "wasm", "loongarch64": "loong64",
    ]
}
