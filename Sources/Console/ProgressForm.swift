// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: docker buildx's `--progress`, whose words these are.

/// How it is shown how far something has come.
public enum ProgressForm: String, Sendable, CaseIterable {
    /// As `tty` on a terminal, else as `plain`.
    case auto
    /// A line when something is done.
    case plain
    /// Lines that are written over, one for each thing under way.
    case tty
    /// Not at all.
    case none
    /// For programs: one JSON object in a line.
    case json

    /// The form that the user wants.
    ///
    /// - Parameters:
    ///   - wanted: what they have said of it.
    ///   - isTerminal: whether lines can be written over.
    /// - Returns: any but `auto`.
    public static func resolved(_ wanted: ProgressForm?, isTerminal: Bool) -> ProgressForm {
        guard let wanted, wanted != .auto else { return isTerminal ? .tty : .plain }
        return wanted
    }
}
