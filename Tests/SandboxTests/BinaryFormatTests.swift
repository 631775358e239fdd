// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Sandbox
import SystemPackage
import Testing

/// Programs of another processor.
///
/// The emulator comes from the distribution's `qemu-user-static`: the machine's own, else one that is
/// downloaded and unpacked for the test alone.
@Suite struct BinaryFormatTests: ~Copyable {
    let ground: Ground

    /// By the kernel's binary formats, and by PID 1 in their place.
    static let rungs: [Rung] = [[], .watchedExecutions, [.watchedExecutions, .boundProcesses]]

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

    private func install(_ name: String, printing text: String = "hello\n", exit: UInt32 = 0) throws
    {
        let program = ground.root.appending("bin/\(name)")
        try Data(aarch64Program(printing: text, exitStatus: exit))
            .write(to: URL(filePath: program.string))
        unsafe chmod(program.string, 0o755)
    }

    private func options(_ rung: Rung) -> [String] {
        ["--rung", "\(rung.rawValue)"]
            + ["--format", "aarch64", Self.magic, Self.mask, "/bin/qemu-aarch64"]
    }

    @Test(arguments: rungs)
    func aForeignProgramRunsHoweverItIsStarted(rung: Rung) throws {
        try installEmulator()
        try install("foreign", exit: 7)
        try ground.root.appending("bin/script").write("#!/bin/foreign argument\n")
        try ground.root.appending("bin/nested").write("#!/bin/script\n")
        try ground.root.appending("bin/native").write("#!/bin/sh\necho $0 $*\n")
        for name in ["script", "nested", "native"] {
            unsafe chmod(ground.root.appending("bin/\(name)").string, 0o755)
        }
        let script = """
            foreign; echo $?; (sh -c foreign; true); cd bin; ./foreign; cd ..; script; nested; native 1 2
            bin/native; none-such; echo $?; chmod 644 bin/native; native; echo $?
            exec 3</bin/foreign; /proc/self/fd/3; /proc/self/fd/../fd/3 2>/dev/null
            """
        let result = try ground.shell(script, options(rung))
        #expect(
            result.lines == [
                "hello", "7", "hello", "hello", "hello", "hello", "/bin/native 1 2",
                "bin/native", "127", "126", "hello", "hello",
            ],
            "\(result.errors)"
        )
        #expect(try ground.run(options(rung), ["foreign"]).status == 7)
        #expect(try ground.run([], ["foreign"]).status == 126)
    }

    @Test func theHostsFormatsAreNotTouchedAndTheSandboxsAreReadOnly() throws {
        try installEmulator()
        let host = FilePath("/proc/sys/fs/binfmt_misc")
        let before = try? host.names()
        let result = try ground.shell("cd /proc/sys/fs/binfmt_misc; ls", options([]))
        #expect(result.lines == ["aarch64", "register", "status"])
        #expect((try? host.names()) == before)
        for file in ["register", "status", "aarch64"] {
            let attempt = try ground.shell(
                "echo 0 > /proc/sys/fs/binfmt_misc/\(file)",
                options([])
            )
            #expect(attempt.errors.contains("Read-only file system"))
        }
    }

    @Test(arguments: rungs)
    func aForeignProgramRunsThreeShellsDeepAndWithoutAnEnvironment(rung: Rung) throws {
        try installEmulator()
        try install("foreign")
        let script = """
            sh -c 'sh -c "sh -c foreign; true"; true'; env -i /bin/foreign; env -i sh -c /bin/foreign
            QEMU_CPU=max foreign; QEMU_CPU=none-such foreign; echo $?
            QEMU_STRACE=1 foreign
            """
        let result = try ground.shell(script, options(rung))
        #expect(result.lines == ["hello", "hello", "hello", "hello", "1", "hello"])
        #expect(result.errors.contains("write(1"))
        #expect(result.errors.contains("none-such"))
    }

    /// The arguments as the emulator sees them, its own environment, and many at once.
    @Test(arguments: rungs)
    func nothingOfWhatIsStartedIsLost(rung: Rung) throws {
        // Stands in for the emulator: of what it is given, it prints all.
        try ground.root.appending("bin/qemu-aarch64").write(
            "#!/bin/sh\necho $# $*\nexec env\n"
        )
        unsafe chmod(ground.root.appending("bin/qemu-aarch64").string, 0o755)
        try install("foreign")
        let script =
            "env -i A=1 /bin/foreign one '' 'two  three' | grep -E '^[0-9]|^A='; i=0; "
            + "while [ $i -lt 40 ]; do i=$((i + 1)); (foreign $i | grep foreign) & done; wait"
        let result = try ground.shell(script, options(rung))
        // The kernel hands over path and name; PID 1 names the option that means the same.
        let isWatched = rung.contains(.watchedExecutions)
        let first =
            isWatched
            ? "6 -0 /bin/foreign /bin/foreign one two three"
            : "5 /bin/foreign /bin/foreign one two three"
        #expect(result.lines.prefix(2) == [first, "A=1"], "\(result.output)\(result.errors)")
        #expect(result.lines.count == 42)
        #expect(Set(result.lines.dropFirst(2)).count == 40)
    }

    @Test func whatIsWatchedCannotBeTracedFromInside() throws {
        let answers = try ground.intrude(options: options(.watchedExecutions))
        #expect(answers["ptrace-1"] == "EPERM")
        #expect(answers["memory-1"] == "EACCES")
        #expect(answers["exe-1"] == "EACCES")
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
