// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: deb-version(7); Debian Policy 5.6.12.

/// The version of a package.
///
/// Shape: `[epoch:]upstream[-revision]`, such as `1:2.36-9+deb12u10`. Two versions are equal when
/// they are spelled alike; `order(against:)` finds that `1.0` and `1.00` stand at one place.
public struct PackageVersion: Hashable, Sendable, CustomStringConvertible {
    /// As it is spelled in the archive.
    public let description: String

    /// Reads a version; `nil` where the text does not keep to the grammar.
    ///
    /// - Parameter text: as a control field has it.
    public init?(_ text: String) {
        guard FieldGrammar.isVersion(text.utf8Span.span) else { return nil }
        self.description = text
    }

    /// A version whose grammar was checked before.
    init(checked text: String) { self.description = text }

    /// How the version stands to another.
    ///
    /// - Parameter other: what to compare with.
    /// - Returns: less than 0 where it is the older, more than 0 where it is the newer one, else 0.
    public func order(against other: PackageVersion) -> Int {
        Self.order(description.utf8Span.span, other.description.utf8Span.span)
    }

    static func order(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Int {
        let (first, second) = (Parts(one), Parts(other))
        if first.epoch != second.epoch { return first.epoch - second.epoch }
        let upstream = orderPart(one, first.upstream, other, second.upstream)
        return upstream != 0 ? upstream : orderPart(one, first.revision, other, second.revision)
    }

    /// Where the parts of a version are.
    private struct Parts {
        var epoch = 0
        var upstream: Range<Int>
        var revision: Range<Int>

        init(_ text: Span<UInt8>) {
            let colon = FieldGrammar.firstIndex(of: UInt8(ascii: ":"), in: text, from: 0)
            let start = colon < text.count ? colon + 1 : 0
            for index in 0..<max(start - 1, 0) {
                epoch = epoch &* 10 &+ Int(text[index] &- UInt8(ascii: "0"))
            }
            var end = text.count
            while end > start, text[end - 1] != UInt8(ascii: "-") { end -= 1 }
            upstream = start..<(end > start ? end - 1 : text.count)
            revision = (end > start ? end : text.count)..<text.count
        }
    }

    /// Takes turns between stretches without digits, by their own alphabet, and numbers.
    private static func orderPart(
        _ one: Span<UInt8>,
        _ first: Range<Int>,
        _ other: Span<UInt8>,
        _ second: Range<Int>
    ) -> Int {
        var (left, right) = (first.lowerBound, second.lowerBound)
        while left < first.upperBound || right < second.upperBound {
            while isText(one, left, first) || isText(other, right, second) {
                let difference = weight(one, left, first) - weight(other, right, second)
                if difference != 0 { return difference }
                left += 1
                right += 1
            }
            while left < first.upperBound, one[left] == UInt8(ascii: "0") { left += 1 }
            while right < second.upperBound, other[right] == UInt8(ascii: "0") { right += 1 }
            var difference = 0
            while isDigit(one, left, first), isDigit(other, right, second) {
                if difference == 0 { difference = Int(one[left]) - Int(other[right]) }
                left += 1
                right += 1
            }
            // The longer number is the greater one, whatever its digits.
            if isDigit(one, left, first) { return 1 }
            if isDigit(other, right, second) { return -1 }
            if difference != 0 { return difference }
        }
        return 0
    }

    private static func isText(_ text: Span<UInt8>, _ index: Int, _ range: Range<Int>) -> Bool {
        index < range.upperBound && !FieldGrammar.isDigit(text[index])
    }

    private static func isDigit(_ text: Span<UInt8>, _ index: Int, _ range: Range<Int>) -> Bool {
        index < range.upperBound && FieldGrammar.isDigit(text[index])
    }

    /// A tilde sorts before the end of the part, the end before letters, those before the rest.
    private static func weight(_ text: Span<UInt8>, _ index: Int, _ range: Range<Int>) -> Int {
        guard index < range.upperBound else { return 0 }
        switch text[index] {
        case UInt8(ascii: "~"): return -1
        case let byte where FieldGrammar.isDigit(byte): return 0
        case let byte where FieldGrammar.isLetter(byte): return Int(byte)
        case let byte: return Int(byte) + 256
        }
    }
}
