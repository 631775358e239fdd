// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: OCI image-spec v1.1, descriptor.md, "Digests".

public import Crypto
import FoundationEssentials

/// The SHA-256 digest of some bytes, as OCI spells it.
///
/// Shape: `sha256:` followed by 64 characters of `[0-9a-f]`; no other algorithm is accepted, so a
/// digest that exists can be used as a file name.
public struct Digest: Hashable, Sendable {
    /// Without a string's own allocation, as a tree has one for each file.
    private let words: Words

    /// The 32 bytes, the first ones in the highest place of the first word.
    ///
    /// Not a vector, which wants to lie at multiples of 32: a task's memory is aligned to 16, and Swift 6.3
    /// loses count of what it allocates there for more.
    private struct Words: Hashable {
        private var first: UInt64 = 0
        private var second: UInt64 = 0
        private var third: UInt64 = 0
        private var fourth: UInt64 = 0

        subscript(place: Int) -> UInt64 {
            get {
                switch place {
                case 0: first
                case 1: second
                case 2: third
                default: fourth
                }
            }
            set {
                switch place {
                case 0: first = newValue
                case 1: second = newValue
                case 2: third = newValue
                default: fourth = newValue
                }
            }
        }
    }

    /// The 64 lower-case hexadecimal characters.
    public var hex: String { String(decoding: hexadecimal, as: UTF8.self) }

    /// The same in ASCII.
    var hexadecimal: [UInt8] {
        unsafe Array(unsafeUninitializedCapacity: 64) { text, count in
            for place in 0..<64 {
                let digit = UInt8(words[place / 16] >> UInt64(60 - place % 16 * 4) & 15)
                unsafe text[place] =
                    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            count = 64
        }
    }

    /// The first of the 32 bytes.
    var firstByte: UInt8 { UInt8(words[0] >> 56) }

    /// Reads a digest.
    ///
    /// - Parameter text: e.g. `sha256:e3b0…b855`, 71 bytes of ASCII.
    /// - Throws: `DigestError.unsupportedAlgorithm` or `.malformed`, each carrying `text`.
    public init(_ text: String) throws(DigestError) {
        let bytes = Array(text.utf8)
        let prefix = Array("sha256:".utf8)
        guard bytes.starts(with: prefix) else {
            throw bytes.contains(UInt8(ascii: ":")) ? .unsupportedAlgorithm(text) : .malformed(text)
        }
        guard let digest = Self(hexadecimal: bytes[prefix.count...]) else {
            throw .malformed(text)
        }
        self = digest
    }

    /// Reads the 64 lower-case hexadecimal characters; `nil` where they are anything else.
    init?(hexadecimal digits: ArraySlice<UInt8>) {
        guard digits.count == 64 else { return nil }
        var words = Words()
        for place in 0..<4 {
            var word: UInt64 = 0
            for digit in digits.dropFirst(place * 16).prefix(16) {
                guard let value = Self.value(ofHexadecimal: digit) else { return nil }
                word = word << 4 | value
            }
            words[place] = word
        }
        self.words = words
    }

    /// The digest that a hash function has arrived at.
    ///
    /// - Parameter value: 32 bytes.
    public init(_ value: SHA256Digest) {
        var words = Words()
        for (place, byte) in value.enumerated() {
            words[place / 8] = words[place / 8] << 8 | UInt64(byte)
        }
        self.words = words
    }

    /// The digest of bytes in memory.
    ///
    /// - Parameter bytes: all of them.
    /// - Returns: their digest.
    public static func of(_ bytes: [UInt8]) -> Digest {
        Digest(SHA256.hash(data: bytes))
    }

    /// The digest of a value's JSON with sorted keys: strings, numbers and lists of them, of which
    /// nothing can fail to encode.
    package init(canonical value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self = .of(Array((try? encoder.encode(value)) ?? Data()))
    }

    private static func value(ofHexadecimal digit: UInt8) -> UInt64? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a") + 10)
        default: nil
        }
    }
}

extension Digest: CustomStringConvertible {
    /// The digest as OCI spells it, 71 bytes of ASCII.
    public var description: String { "sha256:\(hex)" }
}

extension Digest: Codable {
    /// Reads the digest from the string that OCI documents hold.
    ///
    /// - Parameter decoder: positioned on a string.
    /// - Throws: `DigestError`, or what the decoder throws where there is no string.
    public init(from decoder: any Decoder) throws {
        try self.init(String(from: decoder))
    }

    /// Writes the digest as a string.
    ///
    /// - Parameter encoder: takes one string.
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        try description.encode(to: encoder)
    }
}

/// Why some text is not a digest.
public enum DigestError: Error, Equatable {
    /// The text names an algorithm other than `sha256`.
    case unsupportedAlgorithm(String)
    /// The text is not `algorithm:digits`, or the digits are not 64 of `[0-9a-f]`.
    case malformed(String)
}
