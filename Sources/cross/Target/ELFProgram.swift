// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: elf(5), "ELF header", "Program header".

import SystemPackage

/// A program, as far as its headers tell; of this machine's kind, 64 bits and the lowest byte first.
struct ELFProgram {
    /// Whether it needs no other file to run: no header names an interpreter.
    let isStatic: Bool

    private static let interpreter = 3

    /// Reads a file's headers; `nil` where it is no such program.
    init?(_ path: FilePath) {
        guard let bytes = TextFile.beginning(path, length: 4096),
            bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]), bytes.count >= 64
        else { return nil }
        let start = Self.number(bytes[32..<40])
        let (size, count) = (Self.number(bytes[54..<56]), Self.number(bytes[56..<58]))
        guard size >= 56, start <= bytes.count, count * size <= bytes.count - start else {
            return nil
        }
        isStatic = (0..<count).allSatisfy { index in
            let header = start + index * size
            return Self.number(bytes[header..<header + 4]) != Self.interpreter
        }
    }

    /// At most the 32 lowest bits of it: no header of use is further away.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
