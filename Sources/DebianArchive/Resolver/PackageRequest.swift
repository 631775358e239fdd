// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: apt-get(8), "install".

/// A package that somebody asks for.
///
/// Shape: `name`, `name:architecture`, `name=version` or `name:architecture=version`.
public struct PackageRequest: Hashable, Sendable {
    /// The package's name.
    public let name: String
    /// The architecture; `nil` where the native one is meant, or else the first that has it.
    public let architecture: String?
    /// The version; `nil` where the highest is meant.
    public let version: PackageVersion?

    /// Reads a request; `nil` where a part of it does not keep to its grammar.
    ///
    /// - Parameter text: as a recipe has it.
    public init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let names = parts[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard FieldGrammar.isPackageName(String(names[0]).utf8Span.span) else { return nil }
        name = String(names[0])
        architecture = names.count > 1 ? String(names[1]) : nil
        version = parts.count > 1 ? PackageVersion(String(parts[1])) : nil
        guard version != nil || parts.count == 1 else { return nil }
        if let architecture {
            guard FieldGrammar.isArchitecture(architecture.utf8Span.span) else { return nil }
        }
    }
}
