// SPDX-License-Identifier: MIT OR Apache-2.0

/// Says why an installation is not whole.
struct Diagnosis {
    private let installation: Installation
    private let roots: [Universe.Package]
    /// As nothing was decided yet.
    private let beginning: Installation

    private var universe: Universe { installation.universe }

    init(_ installation: Installation, roots: [Universe.Package]) {
        self.installation = installation
        self.roots = roots
        self.beginning = Installation(installation.universe)
    }

    /// - Throws: `ResolutionError` where something installed lacks what it requires.
    func check() throws(ResolutionError) {
        var first: Universe.Entry?
        for package in installation.installed.indices
        where installation.installed[package] != Universe.none {
            guard try installation.isBroken(package) else { continue }
            first = first ?? installation.installed[package]
        }
        guard let first else { return }
        try explain()
        throw .unsolved(universe.identity(first))
    }

    /// Goes from what was asked for, breadth first, to the nearest thing that cannot be.
    private func explain() throws(ResolutionError) {
        var queue: [(entry: Universe.Entry, parent: Int?)] = []
        var isSeen: Set<Universe.Entry> = []
        for root in roots where isSeen.insert(installation.installed[root]).inserted {
            queue.append((installation.installed[root], nil))
        }
        var position = 0
        while position < queue.count {
            let entry = queue[position].entry
            let package = universe.package(entry)
            let chain = chain(to: position, queue)
            for requirement in try installation.requirements(of: entry) {
                guard requirement.isPositive else {
                    guard installation.installed[package] == entry else { continue }
                    try explainConflict(requirement, package, entry, chain)
                    continue
                }
                let solutions = solutions(of: requirement, package)
                guard !solutions.isEmpty else {
                    throw .unsatisfiable(requirement.dependency, chain: chain)
                }
                for solution in solutions where isSeen.insert(solution).inserted {
                    queue.append((solution, position))
                }
            }
            if installation.installed[package] == Universe.none {
                try explainAbsence(entry, chain)
            }
            position += 1
        }
    }

    private func chain(
        to position: Int,
        _ queue: [(entry: Universe.Entry, parent: Int?)]
    ) -> [PackageIdentity] {
        var chain: [PackageIdentity] = []
        var next: Int? = position
        while let position = next {
            chain.append(universe.identity(queue[position].entry))
            next = queue[position].parent
        }
        return chain.reversed()
    }

    /// What satisfies a dependency, or would have before candidates were given up.
    private func solutions(
        of requirement: Requirement,
        _ package: Universe.Package
    ) -> [Universe.Entry] {
        for (state, stage) in [
            (installation, Installation.Stage.installed), (beginning, .candidate),
        ] {
            let solutions = requirement.targets.flatMap { target in
                state.entries(target, requirement, of: package, stage)
            }
            if !solutions.isEmpty { return solutions }
        }
        return []
    }

    private func explainConflict(
        _ requirement: Requirement,
        _ package: Universe.Package,
        _ entry: Universe.Entry,
        _ chain: [PackageIdentity]
    ) throws(ResolutionError) {
        guard !installation.holds(requirement, of: package, .installed) else { return }
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

    /// Looks for something installed that does not let an entry be, or that it does not let be.
    private func explainAbsence(
        _ entry: Universe.Entry,
        _ chain: [PackageIdentity]
    ) throws(ResolutionError) {
        let package = universe.package(entry)
        let trial = Installation(universe)
        trial.installed = installation.installed
        trial.installed[package] = entry
        for requirement in try trial.requirements(of: entry) where !requirement.isPositive {
            try Diagnosis(trial, roots: []).explainConflict(requirement, package, entry, chain)
        }
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
}
