// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import SystemPackage
import Testing

/// Programs of another processor.
///
/// The emulator comes from the distribution's `qemu-user-static`: the machine's own, else one that is
/// downloaded and unpacked for the test alone.
@Suite struct BinaryFormatTests: ~Copyable {
    let ground: Ground

    /// `binfmt_misc`'s magic and mask for aarch64, as Debian registers it.
    private static let magic = "7f454c460201010000000000000000000200b700"
    private static let mask = "ffffffffffffff00fffffffffffffffffeffffff"

    init() throws {
        ground = try Ground()
    }

    private func installEmulator() throws {
        let place = ground.root.appending("bin/qemu-aarch64")
        let name = "usr/bin/qemu-aarch64-static"
        if FileManager.default.fileExists(atPath: "/" + name) {
            return try FileManager.default.copyItem(atPath: "/" + name, toPath: place.string)
        }
        let script = """
            cd "$1" && apt-get -q download qemu-user-static &&
            dpkg-deb --fsys-tarfile qemu-user-static_*.deb | tar -x ./\(name) &&
            mv ./\(name) "$2"
            """
        var options = Spawned.Options()
        options.environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
        var process = try Spawned(
            ["/bin/sh", "-c", script, "sh", ground.directory.path.string, place.string],
            in: ground.directory.path,
            options: options
        )
        try #require(process.wait() == 0, "no emulator to be had: \(process.standardError)")
    }

    @Test func aForeignProgramRunsHoweverItIsStarted() throws {
        try installEmulator()
        let program = ground.root.appending("bin/foreign")
        try Data(aarch64Program(printing: "hello\n", exitStatus: 7))
            .write(to: URL(filePath: program.string))
        unsafe chmod(program.string, 0o755)
        let host = FilePath("/proc/sys/fs/binfmt_misc")
        let before = try? host.names()
        let format = ["--format", "aarch64", Self.magic, Self.mask, "/bin/qemu-aarch64"]
        let script = "foreign; echo $?; (sh -c foreign; true); cd /proc/sys/fs/binfmt_misc; ls"
        let result = try ground.shell(script, format)
        #expect(result.lines == ["hello", "7", "hello", "aarch64", "register", "status"])
        #expect(try ground.run(format, ["foreign"]).status == 7)
        #expect(try ground.run([], ["foreign"]).status == 126)
        #expect((try? host.names()) == before)
        for file in ["register", "status", "aarch64"] {
            let attempt = try ground.shell("echo 0 > /proc/sys/fs/binfmt_misc/\(file)", format)
            #expect(attempt.errors.contains("Read-only file system"))
        }
    }

    @Test func aForeignProgramRunsThreeShellsDeepAndWithoutAnEnvironment() throws {
        try installEmulator()
        let program = ground.root.appending("bin/foreign")
        try Data(aarch64Program(printing: "hello\n", exitStatus: 0))
            .write(to: URL(filePath: program.string))
        unsafe chmod(program.string, 0o755)
        let format = ["--format", "aarch64", Self.magic, Self.mask, "/bin/qemu-aarch64"]
        let script = """
            sh -c 'sh -c "sh -c foreign; true"; true'; env -i /bin/foreign; env -i sh -c /bin/foreign
            QEMU_CPU=max foreign; QEMU_CPU=none-such foreign; echo $?
            QEMU_STRACE=1 foreign
            """
        let result = try ground.shell(script, format)
        #expect(result.lines == ["hello", "hello", "hello", "hello", "1", "hello"])
        #expect(result.errors.contains("write(1"))
        #expect(result.errors.contains("none-such"))
    }

    @Test func aFormatWithoutItsInterpreterIsAnError() throws {
        let format = ["--format", "aarch64", Self.magic, Self.mask, "/bin/no-such-emulator"]
        let result = try ground.run(format, ["true"])
        #expect(result.status == 125)
        #expect(result.errors.contains("binaryFormat"))
        #expect(result.errors.contains("/bin/no-such-emulator"))
    }
}

/// A static Linux program for aarch64 that prints `text` and exits.
private func aarch64Program(printing text: String, exitStatus: UInt32) -> [UInt8] {
    let instructions: [UInt32] = [
        0xd280_0020,  // mov x0, #1
        0x1000_00e1,  // adr x1, .+28, behind the instructions
        0xd280_0002 | UInt32(text.utf8.count) << 5,  // mov x2, #count
        0xd280_0808,  // mov x8, #64, write
        0xd400_0001,  // svc #0
        0xd280_0000 | exitStatus << 5,  // mov x0, #exitStatus
        0xd280_0ba8,  // mov x8, #93, exit
        0xd400_0001,  // svc #0
    ]
    let headerSize = 64 + 56
    let base = 0x40_0000
    let size = headerSize + instructions.count * 4 + text.utf8.count
    var program: [UInt8] = []
    func append(_ number: Int, bytes: Int) {
        for index in 0..<bytes { program.append(UInt8(truncatingIfNeeded: number >> (index * 8))) }
    }
    // elf(5), Elf64_Ehdr: e_ident, e_type, e_machine, …
    program = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    for half in [2, 183] { append(half, bytes: 2) }
    append(1, bytes: 4)
    for address in [base + headerSize, 64, 0] { append(address, bytes: 8) }
    append(0, bytes: 4)
    for half in [64, 56, 1, 0, 0, 0] { append(half, bytes: 2) }
    // Elf64_Phdr: PT_LOAD, readable and executable, all of the file.
    for word in [1, 5] { append(word, bytes: 4) }
    for number in [0, base, base, size, size, 0x10000] { append(number, bytes: 8) }
    for instruction in instructions { append(Int(instruction), bytes: 4) }
    return program + Array(text.utf8)
}
