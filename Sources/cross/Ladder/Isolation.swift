// SPDX-License-Identifier: MIT OR Apache-2.0

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
