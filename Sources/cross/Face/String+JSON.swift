// SPDX-License-Identifier: MIT OR Apache-2.0

import FoundationEssentials

extension String {
    /// A value as JSON that people can read, too: indented, with the names in order.
    ///
    /// - Parameter value: of strings, numbers, and lists and objects of them.
    /// - Throws: what the encoder says of a value that is none of these.
    init(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        self.init(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
