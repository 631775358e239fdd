// SPDX-License-Identifier: MIT OR Apache-2.0

import TOMLKit

/// A TOML value by itself; TOMLKit's own tables are only valid while their document lives.
enum TOML: Equatable {
    case string(String)
    case boolean(Bool)
    case integer(Int)
    case array([TOML])
    case table([String: TOML])
    /// Fractions and dates, which no key of ours takes.
    case other

    /// Reads a document.
    ///
    /// - Parameter text: the whole file.
    /// - Returns: its top-level table.
    /// - Throws: `TOMLSyntaxError` with the place and toml++'s description.
    static func document(_ text: String) throws(TOMLSyntaxError) -> [String: TOML] {
        do {
            let table = try TOMLTable(string: text)
            return withExtendedLifetime(table) { entries(of: $0) }
        } catch let error as TOMLParseError {
            throw TOMLSyntaxError(
                line: error.source.begin.line,
                column: error.source.begin.column,
                reason: error.description
            )
        } catch {
            throw TOMLSyntaxError(line: 0, column: 0, reason: "\(error)")
        }
    }

    private static func entries(of table: TOMLTable) -> [String: TOML] {
        var result: [String: TOML] = [:]
        for key in table.keys { result[key] = table[key].map(TOML.init) }
        return result
    }

    private init(_ value: any TOMLValueConvertible) {
        self =
            if let string = value.string {
                .string(string)
            } else if let boolean = value.bool {
                .boolean(boolean)
            } else if let integer = value.int {
                .integer(integer)
            } else if let array = value.array {
                .array(array.map(TOML.init))
            } else if let table = value.table {
                .table(Self.entries(of: table))
            } else {
                .other
            }
    }

    /// One table over another: its values count, and tables that both have are merged.
    static func merging(_ upper: [String: TOML], over lower: [String: TOML]) -> [String: TOML] {
        lower.merging(upper) { lower, upper in
            guard let below = lower.table, let above = upper.table else { return upper }
            return .table(merging(above, over: below))
        }
    }

    var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    var integer: Int? {
        if case .integer(let value) = self { value } else { nil }
    }

    var array: [TOML]? {
        if case .array(let values) = self { values } else { nil }
    }

    var table: [String: TOML]? {
        if case .table(let value) = self { value } else { nil }
    }

    /// The strings of an array that has nothing else in it.
    var strings: [String]? {
        guard let values = array else { return nil }
        let strings = values.compactMap(\.string)
        return strings.count == values.count ? strings : nil
    }
}

/// Where a TOML document is wrong, and how.
struct TOMLSyntaxError: Error, Equatable {
    let line: Int
    let column: Int
    let reason: String
}
