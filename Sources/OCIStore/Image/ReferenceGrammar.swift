// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: distribution/reference, the grammar in its package comment.

/// The rules that the parts of an image reference obey, byte by byte.
///
/// Regular expressions over `String` work on Characters, which hide combining marks.
enum ReferenceGrammar {
    /// Host name, IPv4 address or bracketed IPv6 address, with an optional port from 1 to 65535.
    static func isRegistry(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")), end > 2 else { return false }
            let inside = bytes[1..<end].allSatisfy { isHexadecimal($0) || $0 == UInt8(ascii: ":") }
            return inside && isPort(bytes[(end + 1)...])
        }
        let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        let labels = bytes[..<colon].split(
            separator: UInt8(ascii: "."),
            omittingEmptySubsequences: false
        )
        return labels.allSatisfy(isLabel) && isPort(bytes[colon...])
    }

    /// Slash-separated path components.
    static func isRepository(_ text: String) -> Bool {
        Array(text.utf8)
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .allSatisfy(isPathComponent)
    }

    /// One word character, then at most 127 word characters, dots and hyphens.
    static func isTag(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count <= 128, isWord(first) else { return false }
        return bytes.allSatisfy {
            isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
        }
    }

    /// Alphanumeric runs joined by one dot, one or two underscores, or any number of hyphens.
    private static func isPathComponent(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, let last = bytes.last,
            isLowerAlphanumeric(first), isLowerAlphanumeric(last)
        else { return false }
        let separators = bytes.split(whereSeparator: isLowerAlphanumeric)
        return separators.allSatisfy { run in
            let text = String(decoding: run, as: UTF8.self)
            return text == "." || text == "_" || text == "__"
                || run.allSatisfy { $0 == UInt8(ascii: "-") }
        }
    }

    private static func isLabel(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, let last = bytes.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let colon = bytes.first else { return true }
        let digits = bytes.dropFirst()
        guard colon == UInt8(ascii: ":"), (1...5).contains(digits.count),
            digits.allSatisfy(isDigit)
        else { return false }
        let port = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return (1...65535).contains(port)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowerAlphanumeric(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "_")
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
    }
}
