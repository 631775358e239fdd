// SPDX-License-Identifier: MIT OR Apache-2.0

/// One thing that a build needs of the machine, and what came of trying it.
struct Finding: Equatable, Codable {
    enum State: String, Codable {
        /// It is there.
        case ok
        /// It is not, and builds do without it.
        case reduced
        /// It is not, and no build can do without it.
        case missing
        /// What comes before it is missing.
        case unknown
    }

    /// The same name on every machine.
    let name: String
    let state: State
    /// What was found, in a few words.
    let detail: String
    /// What changes it, best a command; `nil` where nothing need be done or nothing helps.
    var remedy: String?

    /// The mark in front of it.
    var mark: String {
        switch state {
        case .ok: "✓"
        case .reduced: "!"
        case .missing: "✗"
        case .unknown: "?"
        }
    }
}
