// SPDX-License-Identifier: MIT OR Apache-2.0

/// Foreign text as it may be shown on a terminal.
///
/// Control characters, C1 among them, and the marks that reorder text become `\u{…}`: a registry or
/// an archive must not move the cursor, retitle the window or disguise a name.
///
/// - Parameter text: anything.
/// - Returns: the same, with nothing in it that a terminal obeys.
public func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isObeyed) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        if isObeyed(scalar) {
            result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
        } else {
            result.append(scalar)
        }
    }
    return String(result)
}

private func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
}

/// Text as a string of JSON; what a terminal obeys is escaped.
///
/// - Parameter text: anything.
/// - Returns: the string with its quotation marks.
/// - Source: RFC 8259 §7.
func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": result += "\\\(scalar)"
        case let scalar where isObeyed(scalar):
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
