// SPDX-License-Identifier: MIT OR Apache-2.0

/// The version of a Rust compiler.
struct RustVersion: Equatable, Codable {
    let major: Int
    let minor: Int
    let patch: Int
    /// `nightly` or `beta.3`; empty for a release.
    let channel: String
    /// The day of its last change, such as `2026-01-31`; empty where it is not known.
    let date: String

    /// What images are told where the version is not known.
    static let unknown = RustVersion(major: 1, minor: 0, patch: 0)

    init(major: Int, minor: Int, patch: Int, channel: String = "", date: String = "") {
        self.major = major
        self.minor = minor
        self.patch = patch
        self.channel = channel
        self.date = date
    }

    /// Reads the first line of `rustc --version`: `rustc 1.96.0-nightly (a1b2c3d 2026-01-31)`.
    init(_ line: String) {
        let words = line.split(separator: " ")
        let parts = words.dropFirst().first?.split(separator: "-", maxSplits: 1) ?? []
        let numbers = parts.first?.split(separator: ".").compactMap { Int($0) } ?? []
        guard numbers.count == 3 else {
            self = .unknown
            return
        }
        self.init(
            major: numbers[0],
            minor: numbers[1],
            patch: numbers[2],
            channel: parts.dropFirst().first.map(String.init) ?? "",
            date: words.count > 3 ? String(words[3].filter { $0 != ")" }) : ""
        )
    }

    /// Whether it takes unstable options.
    var isNightly: Bool { channel == "nightly" || channel == "dev" }

    /// How another version is to this one.
    enum Relation: Equatable {
        case same
        case older
        case newer
        /// Nobody can tell.
        case different
    }

    /// Compares another version with this one, by its numbers and then by its date.
    func relation(of other: RustVersion) -> Relation {
        if other == self { return .same }
        let own = (major, minor, patch)
        let others = (other.major, other.minor, other.patch)
        if others != own { return others < own ? .older : .newer }
        if other.channel == channel, other.date != date, !other.date.isEmpty, !date.isEmpty {
            return other.date < date ? .older : .newer
        }
        return .different
    }
}

extension RustVersion: CustomStringConvertible {
    var description: String {
        "\(major).\(minor).\(patch)" + (channel.isEmpty ? "" : "-\(channel)")
            + (date.isEmpty ? "" : " of \(date)")
    }
}
