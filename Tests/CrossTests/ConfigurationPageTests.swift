// SPDX-License-Identifier: MIT OR Apache-2.0

import SystemPackage
import Testing

@testable import cross

/// docs/configuration.md says all that there is, and nothing that there is not.
@Suite struct ConfigurationPageTests {
    private static let page = "docs/configuration.md"

    /// The cells of the table that follows a heading, a row each, without the table's own head.
    private func rows(below heading: String) throws -> [[String]] {
        let lines = try Repository.text(Self.page)
            .split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex(of: Substring(heading)))
        let table = lines[start...].drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
        return table.dropFirst(2).map { row in
            row.split(separator: "|").map { String($0.trimmingPrefix(while: \.isWhitespace)) }
        }
    }

    /// What stands between backticks.
    private func names(in text: String) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    @Test func everyKeyIsOnThePageWithItsSections() throws {
        var documented: [String: String] = [:]
        for row in try rows(below: "## Keys") {
            let sections = row[1].split(separator: " ").joined(separator: " ")
            for name in names(in: row[0]) { documented[name] = sections }
        }
        let keys = SettingKeyTests.keys.map { key in
            (key.name, key.sections.map { "\($0)" }.joined(separator: ", "))
        }
        #expect(documented == Dictionary(uniqueKeysWithValues: keys))
    }

    // What the reader asks for is told with every key that means nothing.
    @Test func everyKeyThatIsReadIsAmongThem() throws {
        let text = """
            nothing = 1
            [build]
            nothing = 1
            env.nothing = 1
            debian.nothing = 1
            [target.a]
            nothing = 1
            env.nothing = 1
            """
        let unused = try CrossToml(text, file: "/p/Cross.toml").unusedKeys
        let read = unused.flatMap { key in
            key.known.map { key.key.replacing("nothing", with: $0) }
        }.filter { $0.contains(".") && !$0.hasSuffix(".env") && !$0.hasSuffix(".debian") }
        let tested = SettingKeyTests.keys.flatMap { key in
            key.sections.map { ($0 == .build ? "build." : "target.a.") + key.name }
        }
        #expect(read.sorted() == tested.sorted())
    }

    @Test(arguments: [
        ("zig", ["enable", "image", "version"]), ("image", ["name", "toolchain"]),
        ("dockerfile", ["build-args", "context", "file"]),
    ])
    func theKeysOfATableAreNamedWithItsType(key: String, expected: [String]) throws {
        let text = "[target.a.\(key)]\nnothing = 1\nname = \"n\"\nfile = \"f\""
        let unused = try CrossToml(text, file: "/p/Cross.toml").unusedKeys
        #expect(unused.first { $0.key.hasSuffix("nothing") }?.known == expected)
        let row = try rows(below: "## Keys").first { names(in: $0[0]) == [key] }
        let type = try #require(row)[2]
        for name in expected { #expect(type.contains(name)) }
    }

    @Test(arguments: ConfigurationKey.allCases)
    func everyKeysVariablesAreOnThePage(key: ConfigurationKey) throws {
        let target = "CROSS_TARGET_<TRIPLE>_\(key.rawValue)"
        #expect(try isNamed(target))
        if key != .image, key != .imageToolchain, key != .runner {
            #expect(try isNamed(key.buildVariable))
        }
    }

    // All that cross-rs reads, and all that we do.
    @Test(arguments: [
        "CROSS_CONFIG", "CROSS_CONTAINER_ENGINE", "CROSS_CONTAINER_OPTS", "DOCKER_OPTS",
        "CROSS_CONTAINER_UID", "CROSS_CONTAINER_GID", "CROSS_CONTAINER_USER_NAMESPACE",
        "CROSS_ROOTLESS_CONTAINER_ENGINE", "CROSS_CONTAINER_IN_CONTAINER", "CROSS_DOCKER_IN_DOCKER",
        "CROSS_CONTAINER_ENGINE_NO_BUILDKIT", "CROSS_BUILD_OPTS", "CROSS_BUILD_PROGRESS",
        "CROSS_REMOTE", "CROSS_REMOTE_COPY_REGISTRY", "CROSS_REMOTE_COPY_CACHE",
        "CROSS_REMOTE_COPY_FULL_TARGET_DIR", "CROSS_REMOTE_SKIP_BUILD_ARTIFACTS",
        "CROSS_CUSTOM_TOOLCHAIN", "CROSS_CUSTOM_TOOLCHAIN_COMPAT", "CROSS_UNSTABLE_ENABLE_DOCTESTS",
        "CROSS_COMPATIBILITY_VERSION", "CROSS_NO_WARNINGS", "CROSS_DEBUG", "CROSS_BUILD_TARGET",
        "CARGO_BUILD_TARGET", "CARGO_TERM_VERBOSE", "CARGO_TERM_QUIET", "CARGO_TERM_COLOR",
        "CARGO_HOME", "RUSTC", "NIX_STORE_DIR", "NIX_STORE", "CROSS_STORE", "CROSS_STORE_RO",
        "CROSS_ISOLATION", "XDG_DATA_HOME", "XDG_CACHE_HOME", "CROSS_TRACE", "RUSTUP_TOOLCHAIN",
        "CROSS_BUILD_SUBCOMMANDS", "CROSS_BUILD_CREDENTIALS",
        "CROSS_BUILD_SCCACHE", "CROSS_BUILD_ROOTFS_MANIFESTS", "CROSS_BUILD_DEBIAN_MIRROR",
        "CROSS_BUILD_DEBIAN_SECURITY_MIRROR", "CROSS_BUILD_DEBIAN_KEYRING",
        "CROSS_BUILD_DEBIAN_SNAPSHOTS", "REGISTRY_AUTH_FILE", "DOCKER_CONFIG", "SSL_CERT_FILE",
    ])
    func everyVariableIsOnThePage(name: String) throws {
        #expect(try isNamed(name))
    }

    /// Whether a name is in the first column, whole or with `…` for what a neighbour says already.
    private func isNamed(_ name: String) throws -> Bool {
        try rows(below: "## Variables").flatMap { names(in: $0[0]) }.contains { written in
            written == name
                || written.hasPrefix("…") && name.hasSuffix(written.dropFirst())
                || written.hasSuffix("…") && name.hasPrefix(written.dropLast())
        }
    }
}
