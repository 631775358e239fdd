// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: RFC 9110 §10.2.3, `Retry-After`, and §5.6.7, IMF-fixdate.

import Foundation

/// The pause that a `Retry-After` header asks for: seconds, or a date.
///
/// - Returns: `nil` where it is neither.
func retryAfter(_ value: String, now: Date) -> Duration? {
    if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
        return .seconds(Int(value.prefix(9)) ?? 0)
    }
    return date(value).map { .seconds(min(max($0.timeIntervalSince(now), 0), 1e9)) }
}

/// Reads `Sun, 06 Nov 1994 08:49:37 GMT`.
private func date(_ text: String) -> Date? {
    let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: words[2]),
        let day = Int(words[1]), let year = Int(words[3])
    else { return nil }
    let time = words[4].split(separator: ":").compactMap { Int($0) }
    guard time.count == 3 else { return nil }
    return Calendar(identifier: .gregorian).date(
        from: DateComponents(
            timeZone: .gmt,
            year: year,
            month: month + 1,
            day: day,
            hour: time[0],
            minute: time[1],
            second: time[2]
        )
    )
}
