// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: qemu, scripts/qemu-binfmt-conf.sh for names; elf(5) and the ELF registry for numbers.

import Sandbox
import SystemPackage

/// The qemu user-mode emulator for an architecture, and how its programs are recognised.
struct Emulator: Equatable {
    /// What follows `qemu-` in the program's name.
    let name: String
    private let header: ELFHeader

    /// The emulator for a Linux target; `nil` where programs run without one or none is known.
    init?(for target: Target) {
        guard target.isLinux, let name = Self.name(target.architecture),
            let header = Self.headers[name], !Self.native.contains(name)
        else { return nil }
        self.name = name
        self.header = header
    }

    /// All that this machine's processor has a use for, by name.
    static let all = headers.filter { !native.contains($0.key) }
        .map { Emulator(name: $0.key, header: $0.value) }
        .sorted { $0.name < $1.name }

    private init(name: String, header: ELFHeader) {
        self.name = name
        self.header = header
    }

    /// The names the program goes by, best first.
    var programs: [String] { ["qemu-\(name)", "qemu-\(name)-static"] }

    /// The version of an emulator's program, such as `10.0.13`, which it has in its words for `--version`.
    ///
    /// - Parameter program: on the host.
    /// - Returns: `nil` where it cannot be read or says none.
    func version(of program: FilePath) -> String? {
        let digits = FileText.following("qemu-\(name) version ", in: program, length: 16)?
            .prefix { $0.isNumber || $0 == "." }
        return digits.flatMap { $0.isEmpty ? nil : String($0) }
    }

    /// What makes the kernel run programs of this architecture through an interpreter.
    func binaryFormat(interpreter: FilePath) -> BinaryFormat {
        BinaryFormat(
            name: "qemu-\(name)",
            magic: header.magic,
            mask: header.mask,
            interpreter: interpreter
        )
    }

    /// Whether this machine's processor may run the programs, too: of arm64's not all run those of 32 bits.
    var isOptional: Bool {
        #if arch(arm64)
        name == "arm"
        #else
        false
        #endif
    }

    #if arch(arm64)
    private static let native: Set<String> = ["aarch64"]
    #elseif arch(x86_64)
    private static let native: Set<String> = ["x86_64", "i386"]
    #endif

    /// qemu's name for the first part of a triple.
    private static func name(_ architecture: String) -> String? {
        switch architecture {
        case "i586", "i686": "i386"
        case "powerpc": "ppc"
        case "powerpc64": "ppc64"
        case "powerpc64le": "ppc64le"
        case "riscv32gc": "riscv32"
        case "riscv64gc", "riscv64a23": "riscv64"
        case let arm where arm.hasPrefix("arm") || arm.hasPrefix("thumb"): "arm"
        default: architecture
        }
    }

    private static let headers: [String: ELFHeader] = [
        "aarch64": ELFHeader(bits: 64, .little, machine: 183),
        "aarch64_be": ELFHeader(bits: 64, .big, machine: 183),
        "arm": ELFHeader(bits: 32, .little, machine: 40),
        "i386": ELFHeader(bits: 32, .little, machine: 3),
        "loongarch64": ELFHeader(bits: 64, .little, machine: 258),
        "mips": ELFHeader(bits: 32, .big, machine: 8),
        "mipsel": ELFHeader(bits: 32, .little, machine: 8),
        "mips64": ELFHeader(bits: 64, .big, machine: 8),
        "mips64el": ELFHeader(bits: 64, .little, machine: 8),
        "ppc": ELFHeader(bits: 32, .big, machine: 20),
        "ppc64": ELFHeader(bits: 64, .big, machine: 21),
        "ppc64le": ELFHeader(bits: 64, .little, machine: 21),
        "riscv32": ELFHeader(bits: 32, .little, machine: 243),
        "riscv64": ELFHeader(bits: 64, .little, machine: 243),
        "s390x": ELFHeader(bits: 64, .big, machine: 22),
        "sparc64": ELFHeader(bits: 64, .big, machine: 43),
        "x86_64": ELFHeader(bits: 64, .little, machine: 62),
    ]
}

/// The first 20 bytes of an executable ELF file, as far as they tell architectures apart.
private struct ELFHeader: Equatable {
    enum Order {
        case little
        case big
    }

    let bits: Int
    let order: Order
    let machine: UInt16

    init(bits: Int, _ order: Order, machine: UInt16) {
        self.bits = bits
        self.order = order
        self.machine = machine
    }

    /// Magic number, class, data, version; ABI and padding; ET_EXEC; the machine.
    var magic: [UInt8] {
        let identification: [UInt8] = [
            0x7F, 0x45, 0x4C, 0x46, bits == 64 ? 2 : 1, order == .little ? 1 : 2, 1, 0,
        ]
        return identification + [UInt8](repeating: 0, count: 8) + bytes(2) + bytes(machine)
    }

    /// Any OS ABI, and ET_DYN (3) as well as ET_EXEC (2).
    var mask: [UInt8] {
        let identification: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0]
        return identification + [UInt8](repeating: 0xFF, count: 8) + bytes(0xFFFE) + bytes(0xFFFF)
    }

    private func bytes(_ value: UInt16) -> [UInt8] {
        let pair = [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)]
        return order == .little ? pair : pair.reversed()
    }
}
