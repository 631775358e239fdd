// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, the unit tests of src/rustc.rs, src/tests.rs and src/docker/image.rs.

import OCIStore
import Testing

@testable import cross

@Suite struct ToolchainTests {
    // target_mismatch
    @Test(arguments: [
        ("1.0.0 (11111111 2022-01-01)", "1.0.0 (11111111 2022-01-01)", RustVersion.Relation.same),
        (
            "1.0.0-nightly (11111111 2022-01-01)", "1.0.0-nightly (11111111 2022-01-01)", .same
        ),
        ("1.2.0 (22222222 2022-02-02)", "1.0.0 (11111111 2022-01-01)", .older),
        ("1.0.0 (11111111 2022-01-01)", "1.2.0 (22222222 2022-02-02)", .newer),
        (
            "1.2.0-nightly (22222222 2022-02-02)", "1.2.0-nightly (11111111 2022-01-01)", .older
        ),
        (
            "1.2.0-nightly (11111111 2022-01-01)", "1.2.0-nightly (22222222 2022-02-02)", .newer
        ),
        ("1.2.0-nightly (11111111 2022-01-01)", "1.2.0 (22222222 2022-02-02)", .different),
    ])
    func anotherToolchainIsComparedWithTheHosts(
        host: String,
        other: String,
        expected: RustVersion.Relation
    ) {
        #expect(
            RustVersion("rustc \(host)").relation(of: RustVersion("rustc \(other)")) == expected
        )
    }

    @Test(arguments: [
        ("stable-x86_64-unknown-linux-gnu", "stable", nil, "x86_64-unknown-linux-gnu"),
        (
            "nightly-2024-08-02-aarch64-unknown-linux-musl", "nightly", "2024-08-02",
            "aarch64-unknown-linux-musl"
        ),
        ("1.70.0-x86_64-apple-darwin", "1.70.0", nil, "x86_64-apple-darwin"),
        ("beta-2024-01-01-i686-pc-windows-msvc", "beta", "2024-01-01", "i686-pc-windows-msvc"),
    ])
    func aToolchainsNameIsToldApart(
        text: String,
        channel: String,
        date: String?,
        triple: String
    ) throws {
        let name = try #require(ToolchainName(text))
        #expect(name.channel == channel)
        #expect(name.date == date)
        #expect(name.triple == triple)
        #expect(name.description == text)
    }

    // bisect: what cargo-bisect-rustc leaves behind is its user's own.
    @Test(arguments: [
        "bisector-nightly-2022-04-26-x86_64-unknown-linux-gnu",
        "bisector-ci-0123456789abcdef-x86_64-unknown-linux-gnu", "usr", "stable",
        "nightly-2024-08-02", "my-own-tool-chain", "", "-a-b-c",
    ])
    func aNameThatTheUserGaveIsNone(text: String) {
        #expect(ToolchainName(text) == nil)
    }

    @Test func theVersionIsInTheManifest() {
        let text = """
            manifest-version = "2"
            [pkg.cargo]
            version = "0.97.0 (a 2026-01-01)"
            [pkg.rust]
            version = "1.96.0-nightly (59807616e 2026-04-14)"
            """
        let expected = RustVersion(
            major: 1,
            minor: 96,
            patch: 0,
            channel: "nightly",
            date: "2026-04-14"
        )
        #expect(ChannelManifest.version(in: text) == expected)
        #expect(expected.isNightly)
        #expect(ChannelManifest.version(in: "") == .unknown)
    }

    // architecture_from_target, os_from_target, image_platform_from_docker_platform_str
    @Test(arguments: [
        ("x86_64-apple-darwin", "darwin", "amd64", nil),
        ("x86_64-unknown-freebsd", "freebsd", "amd64", nil),
        ("x86_64-unknown-netbsd", "netbsd", "amd64", nil), ("sparcv9-sun-solaris", nil, nil, nil),
        ("aarch64-linux-android", "android", "arm64", nil),
        ("arm-linux-androideabi", "android", "arm", "v6"),
        ("x86_64-unknown-linux-gnu", "linux", "amd64", nil),
        ("aarch64-unknown-linux-musl", "linux", "arm64", nil),
        ("armv7-unknown-linux-gnueabihf", "linux", "arm", "v7"),
        ("x86_64-pc-windows-gnu", "windows", "amd64", nil),
        ("riscv64gc-unknown-linux-gnu", "linux", "riscv64", nil),
        ("powerpc64le-unknown-linux-gnu", "linux", "ppc64le", nil),
        ("i586-unknown-linux-musl", "linux", "386", nil),
        ("s390x-unknown-linux-gnu", "linux", "s390x", nil),
        ("mips-unknown-linux-gnu", "linux", "mips", nil),
        ("mipsel-unknown-linux-gnu", "linux", "mipsle", nil),
        ("mips64-unknown-linux-gnuabi64", "linux", "mips64", nil),
        ("mips64el-unknown-linux-gnuabi64", "linux", "mips64le", nil),
        ("powerpc64-unknown-linux-gnu", "linux", "ppc64", nil),
        ("x86_64-unknown-illumos", "illumos", "amd64", nil),
        ("x86_64-pc-solaris", "solaris", "amd64", nil),
        ("loongarch64-unknown-linux-gnu", "linux", "loong64", nil),
        ("linux/amd64", "linux", "amd64", nil), ("linux/arm64", "linux", "arm64", nil),
        ("linux/arm64/v8", "linux", "arm64", nil),
        ("linux/386=i686-unknown-linux-gnu", "linux", "386", nil),
        ("linux/arm/v7=armv7-unknown-linux-gnueabihf", "linux", "arm", "v7"),
        ("macos/arm64=aarch64-apple-darwin", "darwin", "arm64", nil),
        ("linux", nil, nil, nil), ("linux=x", nil, nil, nil), ("a/b=c-d-linux", nil, nil, nil),
        ("linux/amd64=../x", nil, nil, nil), ("", nil, nil, nil),
    ])
    func platformsOfImages(
        entry: String,
        os: String?,
        architecture: String?,
        variant: String?
    ) throws {
        guard let os, let architecture else {
            #expect(throws: ConfigurationError.invalidToolchain(entry)) {
                try ImageToolchain(entry)
            }
            return
        }
        let expected = Platform(os: os, architecture: architecture, variant: variant)
        #expect(try ImageToolchain(entry).platform == expected)
    }

    @Test func ofSeveralPlatformsThisMachinesIsTaken() throws {
        let own = try ImageToolchain(Target.host)
        let other = try ImageToolchain("s390x-unknown-linux-gnu")
        let third = try ImageToolchain("riscv64gc-unknown-linux-gnu")
        #expect(ImageToolchain.choose([]) == nil)
        #expect(ImageToolchain.choose([other])?.toolchain == other)
        #expect(ImageToolchain.choose([other])?.isGuess == false)
        #expect(ImageToolchain.choose([other, own])?.toolchain == own)
        #expect(ImageToolchain.choose([other, third])?.toolchain == other)
        #expect(ImageToolchain.choose([other, third])?.isGuess == true)
    }
}
