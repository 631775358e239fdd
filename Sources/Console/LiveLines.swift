// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: ECMA-48, "CUU", "EL" and "ED".

import Synchronization

/// Lines at the end of a terminal that are written over.
public final class LiveLines: Sendable {
    private let console: Console
    private let shown = Mutex(0)

    /// No lines yet.
    ///
    /// - Parameter console: whose terminal it is.
    public init(_ console: Console) {
        self.console = console
    }

    /// Shows lines in place of those before.
    ///
    /// - Parameter lines: cut where the terminal ends; control characters are escaped.
    public func show(_ lines: [String]) {
        let width = max(20, console.width - 1)
        shown.withLock { shown in
            let cut = lines.map { line in
                String(String.UnicodeScalarView(escaped(line).unicodeScalars.prefix(width)))
            }
            // One write, so that nobody sees a half-drawn picture.
            Console.plainWrite(Self.back(over: shown) + cut.joined(separator: "\n"))
            shown = cut.count
        }
    }

    /// Takes the lines away; what is written next stands in their place.
    public func clear() {
        shown.withLock { shown in
            guard shown > 0 else { return }
            Console.plainWrite(Self.back(over: shown))
            shown = 0
        }
    }

    /// To the beginning of the first line, with nothing left from there on.
    private static func back(over count: Int) -> String {
        guard count > 0 else { return "" }
        return (count > 1 ? "\u{1B}[\(count - 1)A" : "") + "\r\u{1B}[J"
    }
}
