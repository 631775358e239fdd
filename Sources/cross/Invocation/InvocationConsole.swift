// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the Cargo Book, "Configuration", `term.verbose`, `term.quiet`, `term.color`.

import Console

extension Invocation {
    /// How the user wants to be spoken to: options first, then cargo's variables.
    func console(_ host: Host) -> Console {
        let environment = host.environment
        let fallback: Console.Verbosity =
            if environment["CARGO_TERM_QUIET"] == "true" {
                .quiet
            } else if environment["CARGO_TERM_VERBOSE"] == "true" {
                .verbose
            } else {
                .normal
            }
        return Console(
            verbosity: verbosity ?? fallback,
            choice: colour ?? environment["CARGO_TERM_COLOR"].flatMap(ColourChoice.init) ?? .auto,
            environment: environment
        )
    }
}
