// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Debian Policy 5.6.1, 5.6.7, 5.6.8, 5.6.12; deb822(5); repository format, "Packages".

import Glibc

/// What the values of fields may look like; everything that is not named here is refused.
enum FieldGrammar {
    /// Longer than any name, version or architecture that a file name could be made of.
    static let maximumLength = 200

    /// A package's name: `[a-z0-9][a-z0-9+.-]+`.
    static func isPackageName(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 2, text.count <= maximumLength, isLowerAlphanumeric(text[0]) else {
            return false
        }
        for index in 1..<text.count {
            switch text[index] {
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): continue
            case let byte where isLowerAlphanumeric(byte): continue
            default: return false
            }
        }
        return true
    }

    /// An architecture's name: `[a-z0-9][a-z0-9-]*`.
    static func isArchitecture(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 1, text.count <= maximumLength, isLowerAlphanumeric(text[0]) else {
            return false
        }
        for index in 1..<text.count
        where !isLowerAlphanumeric(text[index]) && text[index] != UInt8(ascii: "-") {
            return false
        }
        return true
    }

    /// A version: `[epoch:]upstream[-revision]`, where upstream starts with a digit.
    static func isVersion(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 1, text.count <= maximumLength, isDigit(text[0]) else { return false }
        var colon: Int?
        for index in 0..<text.count {
            switch text[index] {
            case UInt8(ascii: ":") where colon == nil: colon = index
            case UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "~"):
                continue
            case let byte where isAlphanumeric(byte): continue
            default: return false
            }
        }
        guard let colon else { return text[text.count - 1] != UInt8(ascii: "-") }
        guard (1...9).contains(colon), colon + 1 < text.count, isDigit(text[colon + 1]) else {
            return false
        }
        for index in 0..<colon where !isDigit(text[index]) { return false }
        return text[text.count - 1] != UInt8(ascii: "-")
    }

    /// The path of a package in its archive: `pool/…/….deb` of plain components.
    static func isPoolPath(_ text: Span<UInt8>) -> Bool {
        guard text.count <= 1024, starts(text, with: "pool/"), ends(text, with: ".deb") else {
            return false
        }
        var start = 0
        for index in 0...text.count {
            guard index == text.count || text[index] == UInt8(ascii: "/") else {
                guard isPathByte(text[index]) else { return false }
                continue
            }
            // Nothing that starts with a dot is in an archive: neither `.` nor `..` nor a hidden file.
            guard index > start, text[start] != UInt8(ascii: ".") else { return false }
            start = index + 1
        }
        return true
    }

    /// A digest's 64 lower-case hexadecimal digits.
    static func isSHA256(_ text: Span<UInt8>) -> Bool {
        guard text.count == 64 else { return false }
        for index in 0..<64 {
            switch text[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "f"): continue
            case let byte where isDigit(byte): continue
            default: return false
            }
        }
        return true
    }

    /// A number of bytes; `nil` where there are other bytes than digits, or more than 15 of them.
    static func size(_ text: Span<UInt8>) -> Int64? {
        guard (1...15).contains(text.count) else { return nil }
        var value: Int64 = 0
        for index in 0..<text.count {
            guard isDigit(text[index]) else { return nil }
            value = value * 10 + Int64(text[index] - UInt8(ascii: "0"))
        }
        return value
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

    static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte &- UInt8(ascii: "a") < 26
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "~"),
            UInt8(ascii: "_"), UInt8(ascii: "%"), UInt8(ascii: ":"):
            true
        default: isAlphanumeric(byte)
        }
    }

    static func starts(_ text: Span<UInt8>, with prefix: StaticString) -> Bool {
        guard text.count >= prefix.utf8CodeUnitCount else { return false }
        return equals(text.extracting(first: prefix.utf8CodeUnitCount), prefix)
    }

    private static func ends(_ text: Span<UInt8>, with suffix: StaticString) -> Bool {
        guard text.count >= suffix.utf8CodeUnitCount else { return false }
        return equals(text.extracting(last: suffix.utf8CodeUnitCount), suffix)
    }

    /// Whether the bytes are those of a literal.
    static func equals(_ text: Span<UInt8>, _ literal: StaticString) -> Bool {
        guard text.count == literal.utf8CodeUnitCount else { return false }
        return unsafe text.withUnsafeBufferPointer { buffer in
            guard let address = buffer.baseAddress else { return true }
            return unsafe memcmp(address, literal.utf8Start, buffer.count) == 0
        }
    }

    /// The place of a byte from `start` on; the number of bytes where it does not occur.
    static func firstIndex(of byte: UInt8, in text: Span<UInt8>, from start: Int) -> Int {
        unsafe text.withUnsafeBufferPointer { buffer in
            guard start < buffer.count, let address = buffer.baseAddress,
                let found = unsafe memchr(address + start, Int32(byte), buffer.count - start)
            else { return buffer.count }
            return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(address)
        }
    }
}

extension Span<UInt8> {
    /// These bytes as text; what is not UTF-8 is replaced.
    var text: String {
        unsafe withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
