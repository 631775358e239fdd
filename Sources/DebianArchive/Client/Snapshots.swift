// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Debian repository format, "Snapshots".

import Foundation
import RootfsRecipe

/// Where the state that an archive had at a time is kept.
enum Snapshots {
    /// - Parameters:
    ///   - template: an address with `@SNAPSHOTID@` in it; `@ARCHIVE@` stands for the archive's name.
    ///   - archive: whose state.
    ///   - date: of the release, in seconds since 1970.
    /// - Returns: `nil` where the template names no state, or is no address.
    static func base(_ template: String, _ archive: Archive, date: Int64) -> ArchiveBase? {
        guard template.contains("@SNAPSHOTID@") else { return nil }
        return ArchiveBase(
            template
                .replacing("@SNAPSHOTID@", with: identifier(date))
                .replacing("@ARCHIVE@", with: archive.rawValue)
        )
    }

    /// Such as `20260918T075541Z`.
    static func identifier(_ date: Int64) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second],
            from: Date(timeIntervalSince1970: TimeInterval(date))
        )
        func digits(_ value: Int?, _ width: Int) -> String {
            let text = "\(value ?? 0)"
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let day = digits(parts.year, 4) + digits(parts.month, 2) + digits(parts.day, 2)
        let time = digits(parts.hour, 2) + digits(parts.minute, 2) + digits(parts.second, 2)
        return "\(day)T\(time)Z"
    }
}
