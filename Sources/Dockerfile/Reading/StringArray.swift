// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: RFC 8259.

import FoundationEssentials

/// The form of an instruction's arguments that is a JSON array, such as `["sh", "-c"]`.
enum StringArray {
    /// The array has elements that are no strings.
    struct Failure: Error {}

    /// Reads an array of strings.
    ///
    /// - Parameter text: the whole of the arguments.
    /// - Returns: its elements; `nil` where the text is no JSON array at all, which then is the
    ///   line of a shell.
    /// - Throws: `Failure` where it is an array of something else.
    static func read(_ text: ArraySlice<Unicode.Scalar>) throws(Failure) -> [String]? {
        guard text.first == "[", text.last == "]" else { return nil }
        let data = Data(String(scalars: text).utf8)
        guard let elements = try? JSONDecoder().decode([Element].self, from: data) else {
            return nil
        }
        let strings = elements.compactMap(\.string)
        guard strings.count == elements.count else { throw Failure() }
        return strings
    }

    private struct Element: Decodable {
        let string: String?

        init(from decoder: any Decoder) throws {
            string = try? decoder.singleValueContainer().decode(String.self)
        }
    }
}
