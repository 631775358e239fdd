// SPDX-License-Identifier: MIT OR Apache-2.0

/// What would be installed, and what still could be.
///
/// It starts empty; every package's candidate is its highest version.
final class Installation {
    /// What one looks for in the state of a package.
    enum Stage {
        /// What is going to be installed.
        case installed
        /// What could be.
        case candidate
    }

    let universe: Universe
    /// What could be installed of each package.
    var candidates: [Universe.Entry]
    /// What is going to be installed of each package.
    var installed: [Universe.Entry]
    /// Whether the package is to be installed; may be so without an entry for a moment, as in apt.
    var isMarked: [Bool]
    /// Whether the decision on a package stands.
    var isProtected: [Bool]
    /// Whether a candidate was given up, so that packages may be left over that it brought along.
    var hasGivenUp = false

    private(set) lazy var mentions = Mentions(universe)
    private var requirements: [Universe.Entry: [Requirement]] = [:]

    init(_ universe: Universe) {
        self.universe = universe
        self.candidates = universe.highest
        self.installed = Array(repeating: Universe.none, count: universe.highest.count)
        self.isMarked = Array(repeating: false, count: universe.highest.count)
        self.isProtected = Array(repeating: false, count: universe.highest.count)
    }

    func requirements(of entry: Universe.Entry) throws(ResolutionError) -> [Requirement] {
        if let known = requirements[entry] { return known }
        let list = try universe.requirements(of: entry)
        requirements[entry] = list
        return list
    }

    func entry(_ package: Universe.Package, _ stage: Stage) -> Universe.Entry {
        switch stage {
        case .installed: installed[package]
        case .candidate: candidates[package]
        }
    }

    /// Whether a requirement of a package holds.
    func holds(_ requirement: Requirement, of package: Universe.Package, _ stage: Stage) -> Bool {
        var isMet = false
        for target in requirement.targets {
            visit(target, requirement, of: package, stage) { _ in
                isMet = true
                return false
            }
            if isMet { break }
        }
        if requirement.targets.isEmpty {
            visitSiblings(requirement, of: package, stage) { _ in
                isMet = true
                return false
            }
        }
        return isMet == requirement.isPositive
    }

    /// Whether everything that an installed package requires is there.
    func isBroken(_ package: Universe.Package) throws(ResolutionError) -> Bool {
        let entry = installed[package]
        guard entry != Universe.none else { return false }
        for requirement in try requirements(of: entry)
        where !holds(requirement, of: package, .installed) {
            return true
        }
        return false
    }

    /// The entries that a requirement of a package means, one target after the other.
    func entries(
        _ target: Requirement.Target,
        _ requirement: Requirement,
        of package: Universe.Package,
        _ stage: Stage
    ) -> [Universe.Entry] {
        var list: [Universe.Entry] = []
        visit(target, requirement, of: package, stage) { entry in
            list.append(entry)
            return true
        }
        return list
    }

    // MARK: - What a relation means

    /// Calls the body with each entry that a relation means, until it returns false.
    private func visit(
        _ target: Requirement.Target,
        _ requirement: Requirement,
        of package: Universe.Package,
        _ stage: Stage,
        _ body: (Universe.Entry) -> Bool
    ) {
        guard target.group >= 0 else { return }
        let isWide = !requirement.isPositive && target.isOwn
        for architecture in universe.architectures.indices {
            let other = universe.package(target.group, architecture)
            let entry = entry(other, stage)
            guard entry != Universe.none,
                isWide || serves(entry, architecture, target, package),
                requirement.isPositive || !isIgnored(other, requirement, of: package),
                target.admits(universe.version(entry))
            else { continue }
            guard body(entry) else { return }
        }
        for provision in universe.provisions[target.group] ?? [] {
            let owner = universe.package(provision.entry)
            guard entry(owner, stage) == provision.entry,
                isWide || serves(provision, owner, target, package),
                requirement.isPositive
                    || universe.group(owner) != universe.group(package),
                target.admits(provision.version)
            else { continue }
            guard body(provision.entry) else { return }
        }
    }

    /// The same package for other architectures, where it must not be.
    private func visitSiblings(
        _ requirement: Requirement,
        of package: Universe.Package,
        _ stage: Stage,
        _ body: (Universe.Entry) -> Bool
    ) {
        for architecture in universe.architectures.indices
        where architecture != universe.architecture(package) {
            let other = universe.package(universe.group(package), architecture)
            let entry = entry(other, stage)
            guard entry != Universe.none else { continue }
            if case .inStep = requirement.kind,
                universe.version(entry).order(against: universe.version(requirement.owner)) == 0
            {
                continue
            }
            guard body(entry) else { return }
        }
    }

    func siblings(
        _ requirement: Requirement,
        of package: Universe.Package,
        _ stage: Stage
    ) -> [Universe.Entry] {
        var list: [Universe.Entry] = []
        visitSiblings(requirement, of: package, stage) { entry in
            list.append(entry)
            return true
        }
        return list
    }

    /// Whether an entry of the very name serves the relation of a package.
    private func serves(
        _ entry: Universe.Entry,
        _ architecture: Int,
        _ target: Requirement.Target,
        _ package: Universe.Package
    ) -> Bool {
        switch target.scope {
        case .own:
            architecture == universe.architecture(package)
                || universe.fields(entry).multiArch == .foreign
        case .any: universe.fields(entry).multiArch == .allowed
        case .architecture(let wanted): architecture == wanted
        }
    }

    /// Whether an entry that provides the name serves the relation of a package.
    private func serves(
        _ provision: Universe.Provision,
        _ owner: Universe.Package,
        _ target: Requirement.Target,
        _ package: Universe.Package
    ) -> Bool {
        let multiArch = universe.fields(provision.entry).multiArch
        let architecture = universe.architecture(owner)
        switch (target.scope, provision.qualifier) {
        case (.own, .same):
            return architecture == universe.architecture(package) || multiArch == .foreign
        case (.any, .same): return multiArch == .allowed
        case (.any, .any): return true
        case (.architecture(let wanted), .same): return architecture == wanted
        case (.own, .architecture(let name)):
            return name == universe.architectures[universe.architecture(package)]
        case (.architecture(let wanted), .architecture(let name)):
            return universe.architectures.indices.contains(wanted)
                && name == universe.architectures[wanted]
        case (_, .any), (.any, .architecture): return false
        }
    }

    /// Whether a package is passed by where its own group is what it conflicts with.
    private func isIgnored(
        _ other: Universe.Package,
        _ requirement: Requirement,
        of package: Universe.Package
    ) -> Bool {
        guard universe.group(other) == universe.group(package) else { return false }
        return other == package || universe.fields(requirement.owner).multiArch == .same
    }
}

extension Requirement.Target {
    fileprivate var isOwn: Bool {
        if case .own = scope { true } else { false }
    }
}
