// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: vis(3) with VIS_OCTAL, mtree(5).

/// Names as an mtree file has them: safe bytes as they are, every other as `\ooo`.
///
/// What separates words, keywords and tags is never safe, so a name cannot end early.
enum VisEncoding {
    private static let safe: [Bool] = (0...255).map { value in
        let byte = UInt8(value)
        return switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "/._-+@%~^".utf8.contains(byte)
        }
    }

    /// Adds the bytes to a line.
    static func append(_ bytes: some Sequence<UInt8>, to line: inout [UInt8]) {
        for byte in bytes {
            if safe[Int(byte)] {
                line.append(byte)
            } else {
                line.append(UInt8(ascii: "\\"))
                line.append(UInt8(ascii: "0") + (byte >> 6))
                line.append(UInt8(ascii: "0") + ((byte >> 3) & 7))
                line.append(UInt8(ascii: "0") + (byte & 7))
            }
        }
    }

    /// Reads what `append` wrote; `nil` for anything else.
    static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                guard safe[Int(byte)] else { return nil }
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(3)
            guard digits.count == 3, digits.allSatisfy({ (0x30...0x37).contains($0) }),
                let value = UInt8(exactly: digits.reduce(0) { $0 * 8 + Int($1 & 7) })
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(3)
        }
        return bytes
    }
}
