// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Debian Policy 7.1; deb-control(5), "Depends"; Multi-Arch specification.

/// Alternatives of which one has to be there, in the order of preference.
public struct Dependency: Hashable, Sendable {
    /// At least one.
    public var alternatives: [Relation]

    /// A dependency of the given alternatives.
    public init(_ alternatives: [Relation]) { self.alternatives = alternatives }
}

extension Dependency: CustomStringConvertible {
    /// The dependency as a control field has it.
    public var description: String {
        alternatives.map(\.description).joined(separator: " | ")
    }
}

/// One relation to another package, real or virtual.
public struct Relation: Hashable, Sendable {
    /// The other package's name.
    public var name: String
    /// Which architectures of it are meant.
    public var qualifier: Qualifier
    /// Which versions of it are meant; all where there is none.
    public var constraint: Constraint?
    /// Where the relation holds; everywhere where there are none.
    ///
    /// Only source packages have them.
    public var restrictions: [Restriction]
    /// When the relation holds, by build profiles: any of the lists, all of a list's entries.
    public var profiles: [[Restriction]]

    /// Which architectures of a package a relation means.
    public enum Qualifier: Hashable, Sendable {
        /// That of the package that has the relation.
        case same
        /// Any, of a package that allows it.
        case any
        /// This one.
        case architecture(String)
    }

    /// Versions by comparison with one.
    public struct Constraint: Hashable, Sendable {
        /// How they stand to the version.
        public var comparison: Comparison
        /// The version that they are compared with.
        public var version: PackageVersion

        /// A constraint of the given parts.
        public init(_ comparison: Comparison, _ version: PackageVersion) {
            self.comparison = comparison
            self.version = version
        }

        /// Whether a version is meant.
        ///
        /// - Parameter version: a package's own, or one it provides.
        /// - Returns: what the comparison says.
        public func admits(_ version: PackageVersion) -> Bool {
            comparison.admits(version.order(against: self.version))
        }
    }

    /// How versions compare.
    public enum Comparison: String, Hashable, Sendable {
        /// Strictly older.
        case older = "<<"
        /// Older or equal.
        case atMost = "<="
        /// Exactly.
        case equal = "="
        /// Newer or equal.
        case atLeast = ">="
        /// Strictly newer.
        case newer = ">>"

        func admits(_ order: Int) -> Bool {
            switch self {
            case .older: order < 0
            case .atMost: order <= 0
            case .equal: order == 0
            case .atLeast: order >= 0
            case .newer: order > 0
            }
        }
    }

    /// The name of an architecture or build profile, or of what it must not be.
    public struct Restriction: Hashable, Sendable {
        /// The name.
        public var name: String
        /// Whether it was written with an exclamation mark.
        public var isNegated: Bool

        /// A restriction of the given parts.
        public init(_ name: String, isNegated: Bool) {
            self.name = name
            self.isNegated = isNegated
        }
    }

    /// A relation of the given parts.
    public init(
        _ name: String,
        qualifier: Qualifier = .same,
        constraint: Constraint? = nil,
        restrictions: [Restriction] = [],
        profiles: [[Restriction]] = []
    ) {
        self.name = name
        self.qualifier = qualifier
        self.constraint = constraint
        self.restrictions = restrictions
        self.profiles = profiles
    }
}

extension Relation: CustomStringConvertible {
    /// The relation as a control field has it, without restrictions.
    public var description: String {
        var text = name
        switch qualifier {
        case .same: break
        case .any: text += ":any"
        case .architecture(let architecture): text += ":\(architecture)"
        }
        if let constraint {
            text += " (\(constraint.comparison.rawValue) \(constraint.version))"
        }
        return text
    }
}
