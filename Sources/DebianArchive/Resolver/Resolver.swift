// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: apt-get(8), "install"; Debian Policy 7; Multi-Arch specification.

/// Finds the packages that some packages need, from nothing, as `apt-get install` without
/// recommendations does.
public struct Resolver: Sendable {
    private let universe: Universe

    /// Takes in indexes; of several with the same version of a package, the first counts.
    ///
    /// - Parameters:
    ///   - native: the architecture that the programs run on, such as `amd64`.
    ///   - foreign: further architectures that packages may be for, in the order of preference.
    ///   - indexes: of all suites and architectures.
    /// - Throws: `ResolutionError.index` where a `Provides` field is malformed.
    public init(
        native: String,
        foreign: [String],
        indexes: [PackageIndex]
    ) throws(ResolutionError) {
        universe = try Universe(architectures: [native] + foreign, indexes: indexes)
    }

    /// The names of the essential packages of the native architecture, in the order of the indexes.
    public var essential: [String] {
        universe.essential.sorted()
            .filter { universe.architecture($0) == 0 && isEssential($0) }
            .map { universe.names.name(universe.group($0)) }
    }

    /// The packages that are needed for those that are asked for, and the essential ones.
    ///
    /// - Parameter requests: `name`, `name:architecture`, `name=version` or both.
    /// - Returns: each package once, after those it depends on where dependencies have no cycle;
    ///   the same for the same indexes and requests.
    /// - Throws: `ResolutionError`.
    public func closure(of requests: [String]) throws(ResolutionError) -> [PackageRecord] {
        let installation = Installation(universe)
        var roots: [Universe.Package] = []
        for request in essential + requests {
            let (package, entry) = try find(request)
            installation.candidates[package] = entry
            roots.append(package)
        }
        for root in roots {
            installation.isProtected[root] = true
            try installation.mark(root, withDependencies: false, isRequested: true)
        }
        for root in roots {
            try installation.mark(root, withDependencies: true, isRequested: true)
        }
        try Diagnosis(installation, roots: roots).check()
        if installation.hasGivenUp { try installation.dropLeftovers(roots: roots) }
        return try installation.ordered(roots: roots).map { universe.record($0) }
    }

    /// The candidate of a package, with nothing it depends on.
    ///
    /// - Parameter request: `name`, `name:architecture`, `name=version` or both.
    /// - Returns: the package.
    /// - Throws: `ResolutionError`: there is no such package.
    public func package(_ request: String) throws(ResolutionError) -> PackageRecord {
        universe.record(try find(request).entry)
    }

    /// The first of several packages that there is.
    ///
    /// - Parameter alternatives: requests, the preferred one first.
    /// - Returns: the first of all where there is none of them.
    public func choice(of alternatives: [String]) -> String {
        alternatives.first { (try? package($0)) != nil } ?? alternatives.first ?? ""
    }

    private func isEssential(_ package: Universe.Package) -> Bool {
        let entry = universe.highest[package]
        return entry != Universe.none && universe.fields(entry).isEssential
    }

    private func find(
        _ text: String
    ) throws(ResolutionError) -> (package: Universe.Package, entry: Universe.Entry) {
        guard let request = PackageRequest(text) else { throw .malformedRequest(text) }
        var wanted = Array(universe.architectures.indices)
        if let architecture = request.architecture {
            guard let index = universe.architectures.firstIndex(of: architecture) else {
                throw .unknownArchitecture(request: text, known: universe.architectures)
            }
            wanted = [index]
        }
        let group = universe.names.find(request.name.utf8Span.span)
        let package = group.flatMap { group in
            wanted.map { universe.package(group, $0) }
                .first { universe.highest[$0] != Universe.none }
        }
        guard let package else {
            throw .unknownPackage(request: text, universe.alternatives(to: request.name))
        }
        guard let version = request.version else { return (package, universe.highest[package]) }
        var entry = universe.highest[package]
        var available: [PackageVersion] = []
        while entry != Universe.none {
            if universe.version(entry) == version { return (package, entry) }
            available.append(universe.version(entry))
            entry = universe.lower[Int(entry)]
        }
        throw .unknownVersion(request: text, available: available)
    }
}
