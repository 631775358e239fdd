// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Debian repository format, "Date, Valid-Until"; RFC 1123, section 5.2.14.

import Glibc

/// A moment, in whole seconds.
public struct ReleaseDate: Hashable, Comparable, Sendable {
    /// Seconds since 1970 in UTC.
    public let seconds: Int64

    /// A moment by its distance from 1970.
    public init(seconds: Int64) { self.seconds = seconds }

    /// The moment of the call.
    public static var now: ReleaseDate { ReleaseDate(seconds: Int64(time(nil))) }

    /// Whether one moment is before another.
    public static func < (one: ReleaseDate, other: ReleaseDate) -> Bool {
        one.seconds < other.seconds
    }

    /// Reads a date as release files have it, such as `Sat, 11 Jul 2026 10:16:37 UTC`.
    ///
    /// It is `nil` for other zones than UTC and for dates before 1970 or after 9999.
    ///
    /// - Parameter text: the field's value.
    public init?(_ text: String) {
        var words = text.split(separator: " ")
        if words.first?.hasSuffix(",") == true { words.removeFirst() }
        guard words.count == 5, ["UTC", "GMT", "Z", "+0000"].contains(words[4]),
            let day = Self.number(words[0], digits: 1...2), (1...31).contains(day),
            let month = Self.months.firstIndex(of: String(words[1])),
            let year = Self.number(words[2], digits: 4...4), year >= 1970
        else { return nil }
        let clock = words[3].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3,
            let hour = Self.number(clock[0], digits: 1...2), hour < 24,
            let minute = Self.number(clock[1], digits: 2...2), minute < 60,
            let second = Self.number(clock[2], digits: 2...2), second <= 60
        else { return nil }
        let days = Self.days(year: year, month: month + 1, day: day)
        seconds = Int64(((days * 24 + hour) * 60 + minute) * 60 + second)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy(FieldGrammar.isDigit) else {
            return nil
        }
        return Int(text)
    }

    /// Days since 1970, counted in years that begin with March, so that leap days end them.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let start = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return start * 365 + start / 4 - start / 100 + start / 400 + dayOfYear - 719_468
    }
}
