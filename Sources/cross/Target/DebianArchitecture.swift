// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: cross-rs, `Target::deb_arch`.

extension Target {
    /// `CROSS_DEB_ARCH`: the name that Debian has, or would have, for the target; `nil` where cross-rs
    /// knows none.
    var debianArchitecture: String? { Self.debianArchitectures[triple] }

    private static let debianArchitectures = [
        "aarch64-unknown-freebsd": "freebsd-arm64",
        "aarch64-unknown-linux-gnu": "arm64",
        "aarch64-unknown-linux-musl": "musl-linux-arm64",
        "arm-unknown-linux-gnueabi": "armel",
        "arm-unknown-linux-gnueabihf": "armhf",
        "arm-unknown-linux-musleabi": "musl-linux-arm",
        "arm-unknown-linux-musleabihf": "musl-linux-armhf",
        "armv7-unknown-linux-gnueabi": "armel",
        "armv7-unknown-linux-gnueabihf": "armhf",
        "armv7-unknown-linux-musleabi": "musl-linux-arm",
        "armv7-unknown-linux-musleabihf": "musl-linux-armhf",
        "i586-unknown-linux-gnu": "i386",
        "i586-unknown-linux-musl": "musl-linux-i386",
        "i686-unknown-freebsd": "freebsd-i386",
        "i686-unknown-linux-gnu": "i386",
        "i686-unknown-linux-musl": "musl-linux-i386",
        "mips-unknown-linux-gnu": "mips",
        "mips-unknown-linux-musl": "musl-linux-mips",
        "mips64-unknown-linux-gnuabi64": "mips64",
        "mips64-unknown-linux-muslabi64": "musl-linux-mips64",
        "mips64el-unknown-linux-gnuabi64": "mips64el",
        "mips64el-unknown-linux-muslabi64": "musl-linux-mips64el",
        "mipsel-unknown-linux-gnu": "mipsel",
        "mipsel-unknown-linux-musl": "musl-linux-mipsel",
        "powerpc-unknown-linux-gnu": "powerpc",
        "powerpc64-unknown-linux-gnu": "ppc64",
        "powerpc64le-unknown-linux-gnu": "ppc64el",
        "riscv64gc-unknown-linux-gnu": "riscv64",
        "s390x-unknown-linux-gnu": "s390x",
        "sparc64-unknown-linux-gnu": "sparc64",
        "sparcv9-sun-solaris": "solaris-sparc",
        "thumbv6m-none-eabi": "arm",
        "thumbv7em-none-eabi": "arm",
        "thumbv7em-none-eabihf": "armhf",
        "thumbv7m-none-eabi": "arm",
        "thumbv7neon-unknown-linux-gnueabihf": "armhf",
        "x86_64-apple-darwin": "darwin-amd64",
        "x86_64-pc-solaris": "solaris-amd64",
        "x86_64-unknown-dragonfly": "dragonflybsd-amd64",
        "x86_64-unknown-freebsd": "freebsd-amd64",
        "x86_64-unknown-linux-gnu": "amd64",
        "x86_64-unknown-linux-musl": "musl-linux-amd64",
        "x86_64-unknown-netbsd": "netbsd-amd64",
    ]
}
