// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// Where the program speaks to its user: standard error, in cargo's manner.
///
/// Standard output belongs to the child process, so nothing here writes to it.
public struct Console: Sendable {
    /// How much is said.
    public enum Verbosity: Int, Sendable, Comparable {
        /// Errors only.
        case quiet
        /// Status lines, warnings and errors.
        case normal
        /// What is run and why, too.
        case verbose

        /// Whether `left` says less than `right`.
        ///
        /// - Parameters:
        ///   - left: one verbosity.
        ///   - right: another.
        /// - Returns: true where it does.
        public static func < (left: Verbosity, right: Verbosity) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// How much is said.
    public let verbosity: Verbosity
    /// Whether verbs and labels are coloured.
    public let colour: Bool
    /// Whether standard error is a terminal that can rewrite a line.
    public let isTerminal: Bool
    /// How progress is to be shown; `nil` leaves it to the environment.
    public let progress: ProgressForm?
    /// Whether everything is said in JSON, an object a line.
    public var isJSON: Bool { progress == .json }

    /// A console of the given manner.
    ///
    /// - Parameters:
    ///   - verbosity: how much is said.
    ///   - choice: when to colour.
    ///   - environment: `NO_COLOR`, `CLICOLOR_FORCE` and `TERM` are read where the choice is `auto`.
    ///   - progress: how to show how far something has come.
    public init(
        verbosity: Verbosity,
        choice: ColourChoice,
        environment: [String: String],
        progress: ProgressForm? = nil
    ) {
        self.progress = progress
        self.verbosity = verbosity
        self.isTerminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
        self.colour = choice.resolved(environment: environment, isTerminal: isTerminal)
    }

    /// Says that a step begins or ended, as cargo does: `     Pulling ghcr.io/…`.
    ///
    /// - Parameters:
    ///   - verb: at most 12 characters.
    ///   - text: may hold foreign text; control characters are escaped.
    public func status(_ verb: String, _ text: String) {
        guard verbosity > .quiet else { return }
        if isJSON { return report("status", [("verb", .text(verb)), ("text", .text(text))]) }
        let padding = String(repeating: " ", count: max(0, 12 - verb.utf8.count))
        Self.write("\(padding)\(styled(verb, .success)) \(escaped(text))\n")
    }

    /// Says something that is not an error but should be known.
    ///
    /// - Parameter text: one sentence; control characters are escaped.
    public func warning(_ text: String) {
        guard verbosity > .quiet else { return }
        if isJSON { return report("warning", [("text", .text(text))]) }
        Self.write("\(styled("warning", .warning)): \(escaped(text))\n")
    }

    /// Says something that changes nothing and is good to know.
    ///
    /// - Parameter text: one sentence; control characters are escaped.
    public func note(_ text: String) {
        guard verbosity > .quiet else { return }
        if isJSON { return report("note", [("text", .text(text))]) }
        Self.write("\(styled("note", .note)): \(escaped(text))\n")
    }

    /// Says what is done and why, to those who asked for it.
    ///
    /// - Parameter text: one line; control characters are escaped.
    public func detail(_ text: String) {
        guard verbosity == .verbose else { return }
        if isJSON { return report("detail", [("text", .text(text))]) }
        Self.write("\(styled("+", .note)) \(escaped(text))\n")
    }

    /// Says what failed and why and, after an empty line, what to do about it.
    ///
    /// - Parameters:
    ///   - text: what failed and why; control characters are escaped.
    ///   - hint: what to do; may have several lines.
    public func error(_ text: String, hint: String? = nil) {
        if isJSON {
            let hints = hint.map { [("hint", ReportValue.text($0))] } ?? []
            return report("error", [("text", .text(text))] + hints)
        }
        Self.write("\(styled("error", .error)): \(escaped(text))\n")
        guard let hint else { return }
        let lines = hint.split(separator: "\n", omittingEmptySubsequences: false)
            .map { escaped(String($0)) }
        Self.write("\n\(styled("hint", .note)): \(lines.joined(separator: "\n      "))\n")
    }

    /// Writes lines that another part of the program has worded, such as a usage error.
    ///
    /// - Parameter text: without the last newline; may hold nothing foreign.
    public static func plain(_ text: String) {
        Self.write("\(text)\n")
    }

    /// Shows a line that the next one replaces; nothing where standard error is no terminal.
    ///
    /// - Parameter text: shorter than the terminal is wide, else it is cut; empty clears the line.
    public func transient(_ text: String) {
        guard isTerminal, !isJSON, verbosity > .quiet else { return }
        let line = escaped(text).unicodeScalars.prefix(max(20, width - 1))
        Self.write("\r\u{1B}[2K\(String(String.UnicodeScalarView(line)))")
    }

    /// A field of a report.
    public enum ReportValue: Sendable {
        /// Text.
        case text(String)
        /// A whole number.
        case number(Int64)
    }

    /// Says something to programs: one JSON object in a line.
    ///
    /// - Parameters:
    ///   - event: what kind of thing is said.
    ///   - fields: what is to be known of it, in this order.
    public func report(_ event: String, _ fields: [(String, ReportValue)]) {
        let words = ([("event", .text(event))] + fields).map { name, value in
            switch value {
            case .text(let text): "\(quoted(name)):\(quoted(text))"
            case .number(let number): "\(quoted(name)):\(number)"
            }
        }
        Self.write("{\(words.joined(separator: ","))}\n")
    }

    /// The terminal's width in columns; 80 where it has none.
    public var width: Int { size.ws_col > 0 ? Int(size.ws_col) : 80 }

    /// The terminal's height in lines; 24 where it has none.
    public var height: Int { size.ws_row > 0 ? Int(size.ws_row) : 24 }

    private var size: winsize {
        var size = winsize()
        let status = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size)
        return status == 0 ? size : winsize()
    }

    private enum Style: String {
        case success = "1;32"
        case warning = "1;33"
        case note = "1;36"
        case error = "1;31"
    }

    private func styled(_ text: String, _ style: Style) -> String {
        colour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Writes what nothing has to be escaped in.
    static func plainWrite(_ text: String) {
        write(text)
    }

    /// One write per line, so that lines of several processes do not mix.
    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes { buffer in
                unsafe Glibc.write(STDERR_FILENO, buffer.baseAddress, buffer.count)
            }
            guard count > 0 || errno == EINTR else { return }
            start += max(0, count)
        }
    }
}
