// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: no-color.org, bixense.com/clicolors, cargo's `--color`.

/// When output is coloured.
public enum ColourChoice: String, Sendable, CaseIterable {
    /// Always.
    case always
    /// Never.
    case never
    /// On a terminal, unless the environment says otherwise.
    case auto

    /// Decides.
    ///
    /// - Parameters:
    ///   - environment: `NO_COLOR` wins over `CLICOLOR_FORCE`; empty values count as unset.
    ///   - isTerminal: whether the output is a terminal.
    /// - Returns: whether to colour.
    public func resolved(environment: [String: String], isTerminal: Bool) -> Bool {
        switch self {
        case .always: return true
        case .never: return false
        case .auto:
            if environment["NO_COLOR", default: ""] != "" { return false }
            let force = environment["CLICOLOR_FORCE", default: ""]
            return isTerminal || (force != "" && force != "0")
        }
    }
}
