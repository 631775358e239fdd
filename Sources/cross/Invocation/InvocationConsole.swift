// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the Cargo Book, "Configuration", `term.verbose`, `term.quiet`, `term.color`.

import Console

extension Invocation {
    /// How the user wants to be spoken to: options first, then cargo's variables.
    ///
    /// - Throws: `InvocationError`, where a variable that counts has a value which is none of its own.
    func console(_ host: Host) throws(InvocationError) -> Console {
        Console(
            verbosity: try wantedVerbosity(host),
            choice: try wantedColour(host),
            environment: host.environment
        )
    }

    private func wantedVerbosity(_ host: Host) throws(InvocationError) -> Console.Verbosity {
        if let verbosity { return verbosity }
        let isQuiet = try boolean("CARGO_TERM_QUIET", host)
        let isVerbose = try boolean("CARGO_TERM_VERBOSE", host)
        guard !(isQuiet && isVerbose) else { throw .verboseAndQuiet }
        return isQuiet ? .quiet : isVerbose ? .verbose : .normal
    }

    private func boolean(_ name: String, _ host: Host) throws(InvocationError) -> Bool {
        guard let value = host.environment[name] else { return false }
        guard let boolean = Bool(value) else {
            throw .invalidVariable(name, value: value, expected: "`true` or `false`")
        }
        return boolean
    }

    private func wantedColour(_ host: Host) throws(InvocationError) -> ColourChoice {
        if let colour { return colour }
        let name = "CARGO_TERM_COLOR"
        guard let value = host.environment[name] else { return .auto }
        guard let choice = ColourChoice(rawValue: value) else {
            throw .invalidVariable(name, value: value, expected: "`auto`, `always` or `never`")
        }
        return choice
    }
}
