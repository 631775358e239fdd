// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Documentation/admin-guide/binfmt-misc.rst of the Linux kernel.

public import SystemPackage

/// A kind of program that an interpreter runs, such as those of another processor.
///
/// It holds for one sandbox; neither the host nor another sandbox ever sees it.
public struct BinaryFormat: Equatable, Sendable {
    /// A name that the others of the sandbox do not have, without slashes.
    public var name: String

    /// How such a program begins, at most 128 bytes.
    public var magic: [UInt8]

    /// The bits of `magic` that matter, as many bytes as it has.
    public var mask: [UInt8]

    /// The interpreter, inside the root; it must need no other files there.
    public var interpreter: FilePath

    /// A binary format.
    ///
    /// - Parameters:
    ///   - name: unlike the others of the sandbox.
    ///   - magic: how such a program begins.
    ///   - mask: the bits of `magic` that matter.
    ///   - interpreter: what runs it, inside the root.
    public init(name: String, magic: [UInt8], mask: [UInt8], interpreter: FilePath) {
        self.name = name
        self.magic = magic
        self.mask = mask
        self.interpreter = interpreter
    }

    /// The line that registers it.
    ///
    /// Flags: `P` passes the program's name as it was called, `F` opens the interpreter now, so that
    /// it also works where the command has changed its root. The separator is ours to choose, and
    /// a control character is in nobody's path.
    var registration: [UInt8] {
        let separator: [UInt8] = [1]
        let fields: [[UInt8]] = [
            Array(name.utf8), [UInt8(ascii: "M")], [], Self.escaped(magic), Self.escaped(mask),
            interpreter.bytes, Array("PF".utf8),
        ]
        return separator + fields.joined(separator: separator)
    }

    private static func escaped(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.flatMap { byte in
            Array(#"\x"#.utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
}

extension BinaryFormat: CustomStringConvertible {
    /// Shape: `format "aarch64" by "/usr/bin/qemu-aarch64"`.
    public var description: String {
        "format \(name.debugDescription) by \(quoted(interpreter))"
    }
}
