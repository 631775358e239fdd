// SPDX-License-Identifier: MIT OR Apache-2.0

public import RootfsRecipe

/// Why no set of packages serves, in facts.
public enum ResolutionError: Error, Hashable, Sendable {
    /// An index of the suite cannot be read.
    case index(Archive, suite: String, ControlError)
    /// The text is no request for a package.
    case malformedRequest(String)
    /// The request names an architecture that no index was given for.
    case unknownArchitecture(request: String, known: [String])
    /// There is no such package.
    case unknownPackage(request: String, Alternatives)
    /// There is such a package, but not in this version.
    case unknownVersion(request: String, available: [PackageVersion])
    /// Nothing that is there satisfies a dependency; the chain leads from what was asked for to the
    /// package that has it.
    case unsatisfiable(Dependency, chain: [PackageIdentity])
    /// A package cannot be there along with another that is needed; the chain leads from what was
    /// asked for to the package.
    case conflict(with: PackageIdentity, chain: [PackageIdentity])
    /// A package is needed for several architectures but does not exist there in one version.
    case versionsDiffer([PackageIdentity], chain: [PackageIdentity])
    /// What was asked for is there together, but apt's way of choosing finds no way to it.
    case unsolved(PackageIdentity)

    /// What somebody who asks for an unknown package might have meant.
    public struct Alternatives: Hashable, Sendable {
        /// Packages whose names are nearly the same.
        public var similar: [String] = []
        /// Other architectures that have it.
        public var architectures: [String] = []
        /// Packages that provide it.
        public var providers: [String] = []
    }
}

/// One version of a package for one architecture, by name.
public struct PackageIdentity: Hashable, Sendable, CustomStringConvertible {
    /// The package's name.
    public let name: String
    /// Its architecture; `all` where that is anything.
    public let architecture: String
    /// Its version.
    public let version: PackageVersion

    /// The package as `name:architecture=version`.
    public var description: String { "\(name):\(architecture)=\(version)" }
}
