// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: RFC 9110 §11.6.1, `WWW-Authenticate`.

/// One way to authenticate that a server offers.
struct Challenge: Hashable {
    /// Lower-case, such as `bearer`.
    let scheme: String
    /// By lower-case name; of a name that comes twice, the first.
    var parameters: [String: String]

    /// Reads a header that may hold several challenges, and stops where it is malformed.
    static func parse(_ header: String) -> [Challenge] {
        var scanner = ChallengeScanner(header)
        var challenges: [Challenge] = []
        while let name = scanner.token() {
            if scanner.take(UInt8(ascii: "=")) {
                guard !challenges.isEmpty, let value = scanner.value() else { break }
                let last = challenges.count - 1
                if challenges[last].parameters[name] == nil {
                    challenges[last].parameters[name] = value
                }
            } else {
                challenges.append(Challenge(scheme: name, parameters: [:]))
            }
        }
        return challenges
    }
}

/// Walks over the bytes of a header.
private struct ChallengeScanner {
    private var rest: ArraySlice<UInt8>

    init(_ header: String) {
        rest = Array(header.utf8)[...]
    }

    /// A name in lower case, after any commas and blanks.
    mutating func token() -> String? {
        rest = rest.drop { $0 == UInt8(ascii: ",") || Self.isBlank($0) }
        return rawToken()?.lowercased()
    }

    /// Whether `byte` is next, after any blanks; if so it is passed.
    mutating func take(_ byte: UInt8) -> Bool {
        let next = rest.drop(while: Self.isBlank)
        guard next.first == byte else { return false }
        rest = next.dropFirst()
        return true
    }

    /// A token or quoted string.
    mutating func value() -> String? {
        take(UInt8(ascii: "\"")) ? quoted() : rawToken()
    }

    private mutating func rawToken() -> String? {
        let token = rest.prefix(while: Self.isTokenByte)
        guard !token.isEmpty else { return nil }
        rest = rest.dropFirst(token.count)
        return String(decoding: token, as: UTF8.self)
    }

    private mutating func quoted() -> String? {
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                text.append(escaped)
            default: text.append(byte)
            }
        }
        return nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    /// RFC 9110 §5.6.2: visible ASCII without delimiters.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !#"(),/:;<=>?@[\]{}""#.utf8.contains(byte)
    }
}
