// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, "RUN --mount".

/// The options of one `--mount`, as written.
public struct MountOptions: Hashable, Sendable {
    /// An option; `nil` for a value where there is no equals sign.
    struct Option: Hashable, Sendable {
        let key: String
        let value: String?
    }

    let options: [Option]
    /// `from`, which is needed before variables have values.
    public let from: String?

    /// Reads fields that commas separate.
    init(_ text: String) throws(MountFault) {
        var options: [Option] = []
        for field in try Self.fields(text) {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = String(scalars: parts.first ?? []).lowercased()
            guard Self.keys.contains(key) else { throw .unknownKey(key) }
            let value = parts.count == 2 ? String(scalars: parts[1]) : nil
            guard value != nil || Self.flags.contains(key) else { throw .noValue(key) }
            options.append(Option(key: key, value: value))
        }
        self.options = options
        self.from = options.last { $0.key == "from" }?.value
        if let from, from.unicodeScalars.contains("$") { throw .variableInFrom(from) }
    }

    /// Options that may stand without a value.
    private static let flags: Set<String> = ["ro", "readonly", "rw", "readwrite", "required"]

    private static let keys: Set<String> = flags.union([
        "type", "from", "source", "src", "target", "dst", "destination", "id", "sharing", "size",
        "mode", "uid", "gid", "env",
    ])

    /// RFC 4180: a field in double quotes may hold commas, and quotes that are doubled.
    private static func fields(_ text: String) throws(MountFault) -> [[Unicode.Scalar]] {
        var fields: [[Unicode.Scalar]] = [[]]
        var isQuoted = false
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"" where isQuoted && scalars.first == "\"":
                fields[fields.count - 1].append(scalar)
                scalars.removeFirst()
            case "\"" where isQuoted || fields.last?.isEmpty == true: isQuoted.toggle()
            case "," where !isQuoted: fields.append([])
            default: fields[fields.count - 1].append(scalar)
            }
        }
        guard !isQuoted else { throw .unbalancedQuotes }
        return fields
    }
}

/// What can be wrong with a `--mount`.
public enum MountFault: Error, Hashable, Sendable {
    /// No mount has that option.
    case unknownKey(String)
    /// The option needs a value.
    case noValue(String)
    /// A quote is not closed.
    case unbalancedQuotes
    /// `from` has a variable, which is needed before any has a value.
    case variableInFrom(String)
    /// There is no such type of mount.
    case unknownType(String)
    /// A type that other builders have, and this one does not.
    case unsupportedType(String)
    /// The option's value is none.
    case value(String, key: String)
    /// The option means nothing for that type.
    case misplaced(String, type: String)
    /// The mount has no target, or the root.
    case target(String)
    /// A secret is named neither by `id` nor by `source` nor by `target`, or by two.
    case secretName
}
