// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why some bytes are not what deb822(5) or a field's own grammar wants, in facts.
///
/// Offsets are in bytes from the start of what was read.
public enum ControlError: Error, Hashable, Sendable {
    /// A line is neither `Field: value` nor the continuation of one.
    case line(offset: Int)
    /// The value of a field does not keep to its grammar.
    case malformed(field: String, offset: Int)
    /// The paragraph that starts here lacks a field.
    case missing(field: String, offset: Int)
    /// The paragraph has a field twice; the offset is that of the second.
    case duplicate(field: String, offset: Int)
    /// The text is longer than anything of its kind may be.
    case tooLarge(limit: Int)
}
