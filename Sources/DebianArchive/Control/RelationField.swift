// SPDX-License-Identifier: MIT OR Apache-2.0

/// The fields that relate a package to others.
public enum RelationField: String, Hashable, Sendable, CaseIterable {
    /// Has to be configured before this is unpacked.
    case preDepends = "Pre-Depends"
    /// Has to be configured before this is.
    case depends = "Depends"
    /// Is usually installed along.
    case recommends = "Recommends"
    /// Might be useful along.
    case suggests = "Suggests"
    /// Must not be configured while this is.
    case breaks = "Breaks"
    /// Must not be unpacked while this is.
    case conflicts = "Conflicts"
    /// Names that this goes by as well.
    case provides = "Provides"
    /// Packages whose files this may take over.
    case replaces = "Replaces"
    /// Packages that this is useful along with.
    case enhances = "Enhances"
}

extension Dependency {
    /// Reads the value of a field that relates packages.
    ///
    /// - Parameters:
    ///   - text: the value, perhaps of several lines.
    ///   - field: its name, for errors.
    /// - Returns: the dependencies in their order.
    /// - Throws: `ControlError.malformed`; the offset is into the text.
    public static func list(
        _ text: String,
        field: String
    ) throws(ControlError) -> [Dependency] {
        let bytes = Array(text.utf8)
        return try list(bytes.span, field: field, range: 0..<bytes.count)
    }

    static func list(
        _ bytes: Span<UInt8>,
        field: String,
        range: Range<Int>
    ) throws(ControlError) -> [Dependency] {
        var scanner = RelationScanner(field: field, range: range)
        var dependencies: [Dependency] = []
        var alternatives: [Relation] = []
        while let item = try scanner.next(in: bytes) {
            alternatives.append(try Relation(item, bytes, field: field))
            guard !item.hasAlternative else { continue }
            dependencies.append(Dependency(alternatives))
            alternatives.removeAll(keepingCapacity: true)
        }
        return dependencies
    }
}

extension Relation {
    fileprivate init(
        _ item: RelationScanner.Item,
        _ bytes: Span<UInt8>,
        field: String
    ) throws(ControlError) {
        self.init(bytes.extracting(item.name).text)
        if let range = item.qualifier {
            let text = bytes.extracting(range).text
            qualifier = text == "any" ? .any : .architecture(text)
        }
        if let comparison = item.comparison, let range = item.version {
            let version = PackageVersion(checked: bytes.extracting(range).text)
            constraint = Constraint(comparison, version)
        }
        if let range = item.restrictions {
            restrictions = try Self.restrictions(bytes, range, field: field)
        }
        for range in item.profiles {
            profiles.append(try Self.restrictions(bytes, range, field: field))
        }
    }

    private static func restrictions(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        field: String
    ) throws(ControlError) -> [Restriction] {
        var list: [Restriction] = []
        for word in bytes.extracting(range).text.split(whereSeparator: \.isWhitespace) {
            let name = word.hasPrefix("!") ? word.dropFirst() : word
            let isPlain = name.utf8.allSatisfy {
                FieldGrammar.isLowerAlphanumeric($0) || ".-".utf8.contains($0)
            }
            guard isPlain, !name.isEmpty else {
                throw .malformed(field: field, offset: range.lowerBound)
            }
            list.append(Restriction(String(name), isNegated: word.hasPrefix("!")))
        }
        return list
    }
}
