// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: RFC 9110 §14.4.

/// Which bytes of the whole an answer of status 206 holds.
struct ContentRange: Equatable {
    let first: Int64
    let last: Int64
    /// `nil` where the server does not know.
    let total: Int64?

    /// Reads `bytes first-last/total`.
    init?(_ header: String) {
        let parts = header.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard parts.count == 2, String(parts[0])?.lowercased() == "bytes" else { return nil }
        let numbers = parts[1].split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        guard numbers.count == 2 else { return nil }
        let ends = numbers[0].split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]),
            first <= last
        else { return nil }
        if String(numbers[1]) == "*" {
            total = nil
        } else {
            guard let number = Self.number(numbers[1]), last < number else { return nil }
            total = number
        }
        self.first = first
        self.last = last
    }

    /// Digits only: `Int64` would take a sign.
    private static func number(_ text: Substring.UTF8View) -> Int64? {
        guard !text.isEmpty, text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return String(text).flatMap { Int64($0) }
    }
}
