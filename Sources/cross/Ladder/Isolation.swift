// SPDX-License-Identifier: MIT OR Apache-2.0

import Sandbox

/// What the user says of how a command is kept apart from the machine, in `CROSS_ISOLATION`.
enum Isolation: String {
    /// By namespaces, or it does not run.
    case namespaces
    /// Not at all: its paths are translated, where namespaces could be had, too.
    case none
    /// By namespaces where there are any.
    case automatic = ""

    /// The choice of a user.
    ///
    /// - Throws: `ConfigurationError.invalidIsolation`.
    init(_ host: Host) throws(ConfigurationError) {
        let name = host.environment["CROSS_ISOLATION"] ?? ""
        guard let choice = Isolation(rawValue: name) else { throw .invalidIsolation(name) }
        self = choice
    }
}

extension Rung {
    /// What a sandbox is to do without although the machine has it, as `CROSS_WITHOUT` says: to see that
    /// what comes in its place does as well.
    static func withheld(by host: Host) -> Rung {
        host.environment["CROSS_WITHOUT"] == "binary-formats" ? .watchedExecutions : []
    }
}
