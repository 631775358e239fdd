// SPDX-License-Identifier: MIT OR Apache-2.0

import Sandbox
import SystemPackage
import Testing

@testable import cross

@Suite struct TargetTests {
    @Test func aSpecificationFileStandsForItsName() throws {
        let target = try Target("sub/my-target.json")
        #expect(target.triple == "my-target")
        #expect(target.argument == "sub/my-target.json")
    }

    @Test(arguments: ["", "a b", "../x", "a/b", "é", "a\nb"])
    func whatIsNoTripleIsAnError(text: String) {
        #expect(throws: TargetError.invalid(text)) { try Target(text) }
    }

    // CROSS_DEB_ARCH
    @Test(arguments: [
        ("x86_64-unknown-linux-gnu", "amd64"), ("aarch64-unknown-linux-gnu", "arm64"),
        ("arm-unknown-linux-gnueabi", "armel"), ("arm-unknown-linux-gnueabihf", "armhf"),
        ("armv7-unknown-linux-gnueabi", "armel"), ("armv7-unknown-linux-gnueabihf", "armhf"),
        ("thumbv7neon-unknown-linux-gnueabihf", "armhf"), ("i586-unknown-linux-gnu", "i386"),
        ("i686-unknown-linux-gnu", "i386"), ("mips64el-unknown-linux-gnuabi64", "mips64el"),
        ("powerpc64le-unknown-linux-gnu", "ppc64el"), ("riscv64gc-unknown-linux-gnu", "riscv64"),
        ("s390x-unknown-linux-gnu", "s390x"), ("x86_64-unknown-linux-musl", "musl-linux-amd64"),
        ("x86_64-unknown-freebsd", "freebsd-amd64"), ("sparcv9-sun-solaris", "solaris-sparc"),
        ("thumbv6m-none-eabi", "arm"), ("thumbv7em-none-eabihf", "armhf"),
        ("loongarch64-unknown-linux-gnu", nil), ("aarch64-linux-android", nil),
        ("x86_64-pc-windows-gnu", nil), ("armv5te-unknown-linux-gnueabi", nil), ("own", nil),
    ])
    func debiansNameOfTheArchitecture(triple: String, expected: String?) throws {
        #expect(try Target(triple).debianArchitecture == expected)
    }

    // contract: runner argument → qemu binary
    @Test(arguments: [
        ("aarch64-unknown-linux-gnu", "aarch64"), ("aarch64_be-unknown-linux-gnu", "aarch64_be"),
        ("armv7-unknown-linux-gnueabihf", "arm"), ("thumbv7neon-unknown-linux-gnueabihf", "arm"),
        ("arm-linux-androideabi", "arm"), ("powerpc-unknown-linux-gnu", "ppc"),
        ("powerpc64-unknown-linux-gnu", "ppc64"), ("powerpc64le-unknown-linux-gnu", "ppc64le"),
        ("riscv64gc-unknown-linux-musl", "riscv64"), ("s390x-unknown-linux-gnu", "s390x"),
        ("mips64el-unknown-linux-gnuabi64", "mips64el"), ("sparc64-unknown-linux-gnu", "sparc64"),
        ("loongarch64-unknown-linux-gnu", "loongarch64"),
    ])
    func emulators(triple: String, expected: String) throws {
        #expect(Emulator(for: try Target(triple))?.name == expected)
    }

    @Test(arguments: [
        Target.host, "x86_64-pc-windows-gnu", "thumbv7m-none-eabi", "x86_64-unknown-freebsd",
        "wasm32-unknown-emscripten",
    ])
    func targetsWithoutAnEmulator(triple: String) throws {
        #expect(Emulator(for: try Target(triple)) == nil)
    }

    @Test func theHeaderOfABigEndianProgramIsBigEndian() throws {
        let emulator = try #require(Emulator(for: try Target("s390x-unknown-linux-gnu")))
        let format = emulator.binaryFormat(interpreter: FilePath("/q"))
        #expect(format.magic.prefix(8) == [0x7F, 0x45, 0x4C, 0x46, 2, 2, 1, 0])
        #expect(format.magic.suffix(4) == [0, 2, 0, 22])
        #expect(format.mask.suffix(4) == [0xFF, 0xFE, 0xFF, 0xFF])
        #expect(format.magic.count == 20)
        #expect(format.mask.count == 20)
    }
}
