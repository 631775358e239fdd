// SPDX-License-Identifier: MIT OR Apache-2.0

/// The version of a Rust compiler.
struct RustVersion: Equatable, Codable {
    let major: Int
    let minor: Int
    let patch: Int

    /// What images are told where the version is not known.
    static let unknown = RustVersion(major: 1, minor: 0, patch: 0)

    init(major: Int, minor: Int, patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Reads the first line of `rustc --version`: `rustc 1.96.0-nightly (…)`.
    init(_ line: String) {
        let words = line.split(separator: " ")
        let numbers = words.dropFirst().first?.split(separator: "-").first?.split(separator: ".")
        let parsed = numbers?.compactMap { Int($0) } ?? []
        guard parsed.count == 3 else {
            self = .unknown
            return
        }
        self.init(major: parsed[0], minor: parsed[1], patch: parsed[2])
    }
}
