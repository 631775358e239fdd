// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import Foundation
import SystemPackage
import Testing

@testable import cross

/// What rustup is asked for, and when.
@Suite struct RustupTests: ~Copyable {
    private static let own = "nightly-\(Target.host)"
    private let directory: TemporaryDirectory

    init() throws {
        let directory = try TemporaryDirectory()
        // A rustup that writes down what it was asked for, and makes a directory for each toolchain.
        try directory.writeProgram(
            "bin/rustup",
            """
            #!/bin/sh
            echo "$*" >>"$HOME/asked"
            [ "$1 $2" != "toolchain add" ] || mkdir -p "$HOME/.rustup/toolchains/$3"
            """
        )
        try directory.writeProgram(
            "bin/rustc",
            "#!/bin/sh\necho \"$HOME/.rustup/toolchains/\(Self.own)\"\n"
        )
        try directory.writeProgram(
            ".rustup/toolchains/\(Self.own)/bin/rustc",
            "#!/bin/sh\necho 'rustc 1.96.0-nightly (a 2026-01-31)'\n"
        )
        try directory.writeProgram(".rustup/toolchains/\(Self.own)/bin/cargo")
        try directory.write(
            ".rustup/toolchains/\(Self.own)/lib/rustlib/multirust-channel-manifest.toml",
            ""
        )
        self.directory = directory
    }

    private func host(_ variables: [String: String] = [:]) -> cross.Host {
        let home = directory.path
        let path = "\(home)/bin:/usr/bin:/bin"
        return cross.Host(
            environment: ["HOME": home.string, "PATH": path].merging(variables) { $1 },
            workingDirectory: home,
            userName: nil,
            home: home
        )
    }

    private var asked: [String] {
        let text = try? String(
            contentsOfFile: directory.path.appending("asked").string,
            encoding: .utf8
        )
        return (text ?? "").split(separator: "\n").map(String.init)
    }

    private func toolchain(_ host: cross.Host) throws -> RustupToolchain {
        let found = try HostToolchain.find(nil, host, isOffline: false)
        return RustupToolchain(toolchain: try #require(found), host: host)
    }

    @Test func aMissingLibraryIsAddedAndAPresentOneIsNot() throws {
        let toolchain = try toolchain(host())
        try toolchain.install(try Target("aarch64-unknown-linux-gnu"))
        #expect(asked == ["target add aarch64-unknown-linux-gnu --toolchain \(Self.own)"])
        try directory.write(
            ".rustup/toolchains/\(Self.own)/lib/rustlib/aarch64-unknown-linux-gnu/lib/x",
            ""
        )
        try toolchain.install(try Target("aarch64-unknown-linux-gnu"))
        try toolchain.install(try Target("sub/custom.json"))
        #expect(asked.count == 1)
    }

    @Test func missingComponentsAreAdded() throws {
        let toolchain = try toolchain(host())
        try toolchain.install(.source)
        try toolchain.install(.clippy)
        #expect(
            asked == [
                "component add rust-src --toolchain \(Self.own)",
                "component add clippy --toolchain \(Self.own)",
            ]
        )
    }

    @Test func aToolchainOfTheUsersOwnIsLeftAlone() throws {
        let toolchain = try toolchain(host(["CROSS_CUSTOM_TOOLCHAIN": "1"]))
        try toolchain.install(.source)
        try toolchain.install(try Target("aarch64-unknown-linux-gnu"))
        #expect(asked.isEmpty)
    }

    @Test func aMissingChannelIsInstalledAndAPresentOneIsNot() throws {
        _ = try HostToolchain.find("beta", host(), isOffline: false)
        _ = try HostToolchain.find("nightly", host(), isOffline: false)
        #expect(asked == ["toolchain add beta --profile minimal"])
    }

    // with_picked: whatever rustup takes for a toolchain, a date or a triple included.
    @Test(arguments: [
        "stable", "1.70", "1.70.0", "nightly-2024-08-02", "beta-2024-01-01",
        "stable-x86_64-unknown-linux-musl",
    ])
    func theNamedChannelIsRustupsToUnderstand(channel: String) throws {
        _ = try HostToolchain.find(channel, host(), isOffline: false)
        #expect(asked == ["toolchain add \(channel) --profile minimal"])
    }

    @Test func offlineNothingIsInstalled() throws {
        _ = try HostToolchain.find("beta", host(), isOffline: true)
        #expect(asked.isEmpty)
    }

    @Test func theImagesToolchainIsInstalledBesideTheHosts() throws {
        let host = host()
        let own = try #require(try HostToolchain.find(nil, host, isOffline: false))
        #expect(try own.sibling(for: Target.host, host, isOffline: false) == own)
        let name = "nightly-s390x-unknown-linux-gnu"
        let other = try own.sibling(for: "s390x-unknown-linux-gnu", host, isOffline: false)
        #expect(FilePath(other.sysroot).lastComponent?.string == name)
        #expect(asked == ["toolchain add \(name) --profile minimal --force-non-host"])
        #expect(throws: ToolchainError.self) {
            try own.sibling(for: "x86_64-unknown-illumos", host, isOffline: true)
        }
    }
}
