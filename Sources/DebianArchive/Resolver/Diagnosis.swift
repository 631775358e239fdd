// SPDX-License-Identifier: MIT OR Apache-2.0

/// Says why an installation is not whole.
struct Diagnosis {
    private let installation: Installation
    private let roots: [Universe.Package]

    private var universe: Universe { installation.universe }

    init(_ installation: Installation, roots: [Universe.Package]) {
        self.installation = installation
        self.roots = roots
    }

    /// - Throws: `ResolutionError` where something installed lacks what it requires.
    func check() throws(ResolutionError) {
        var broken: Universe.Package?
        for package in installation.installed.indices
        where installation.installed[package] != Universe.none {
            guard try installation.isBroken(package) else { continue }
            broken = broken ?? package
        }
        guard let broken else { return }
        for root in roots {
            var visited: Set<Universe.Entry> = []
            try explain(installation.installed[root], [], &visited)
        }
        var visited: Set<Universe.Entry> = []
        try explain(installation.installed[broken], [], &visited)
        throw .unsolved(universe.identity(installation.installed[broken]))
    }

    /// Follows what does not hold to where it cannot.
    private func explain(
        _ entry: Universe.Entry,
        _ path: [PackageIdentity],
        _ visited: inout Set<Universe.Entry>
    ) throws(ResolutionError) {
        guard entry != Universe.none, visited.insert(entry).inserted else { return }
        let package = universe.package(entry)
        let chain = path + [universe.identity(entry)]
        for requirement in try installation.requirements(of: entry)
        where !installation.holds(requirement, of: package, .installed) {
            guard requirement.isPositive else {
                try explainConflict(requirement, package, entry, chain)
                continue
            }
            let solutions = originals(of: requirement, package)
            guard !solutions.isEmpty else {
                throw .unsatisfiable(requirement.dependency, chain: chain)
            }
            for solution in solutions { try explain(solution, chain, &visited) }
        }
        // Nothing below is missing, so something stands against the package itself.
        guard installation.installed[package] == Universe.none else { return }
        try explainAbsence(entry, chain)
    }

    private func explainConflict(
        _ requirement: Requirement,
        _ package: Universe.Package,
        _ entry: Universe.Entry,
        _ chain: [PackageIdentity]
    ) throws(ResolutionError) {
        var others = installation.siblings(requirement, of: package, .installed)
        if case .inStep = requirement.kind, !others.isEmpty {
            throw .versionsDiffer(([entry] + others).map(universe.identity), chain: chain)
        }
        if case .conflict = requirement.kind {
            others = requirement.targets.flatMap { target in
                installation.entries(target, requirement, of: package, .installed)
            }
        }
        guard let other = others.first else { return }
        throw .conflict(with: universe.identity(other), chain: chain)
    }

    /// Looks for something installed that does not let an entry be.
    private func explainAbsence(
        _ entry: Universe.Entry,
        _ chain: [PackageIdentity]
    ) throws(ResolutionError) {
        let package = universe.package(entry)
        let trial = Installation(universe)
        trial.installed = installation.installed
        trial.installed[package] = entry
        for other in trial.installed.indices
        where trial.installed[other] != Universe.none && other != package {
            for requirement in try trial.requirements(of: trial.installed[other])
            where !requirement.isPositive
                && !trial.holds(requirement, of: other, .installed)
                && installation.holds(requirement, of: other, .installed)
            {
                let identity = universe.identity(trial.installed[other])
                if case .inStep = requirement.kind {
                    throw .versionsDiffer([identity, universe.identity(entry)], chain: chain)
                }
                throw .conflict(with: identity, chain: chain)
            }
        }
    }

    /// What would satisfy a dependency before any candidate was given up.
    private func originals(
        of requirement: Requirement,
        _ package: Universe.Package
    ) -> [Universe.Entry] {
        let fresh = Installation(universe)
        return requirement.targets.flatMap { target in
            fresh.entries(target, requirement, of: package, .candidate)
        }
    }
}
