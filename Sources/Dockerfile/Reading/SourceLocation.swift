// SPDX-License-Identifier: MIT OR Apache-2.0

/// A place in a Dockerfile.
public struct SourceLocation: Hashable, Sendable {
    /// Counts from 1.
    public let line: Int
    /// Counts Unicode scalars from 1; `nil` where the whole line is meant.
    public let column: Int?

    /// A place.
    ///
    /// - Parameters:
    ///   - line: from 1 on.
    ///   - column: from 1 on.
    public init(line: Int, column: Int? = nil) {
        self.line = line
        self.column = column
    }
}

extension SourceLocation: CustomStringConvertible {
    /// `line` or `line:column`, as compilers print it behind a file's name.
    public var description: String { column.map { "\(line):\($0)" } ?? "\(line)" }
}
