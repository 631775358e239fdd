// SPDX-License-Identifier: MIT OR Apache-2.0

/// Decides what is installed, by the rules that apt's users know.
///
/// A package is marked, then what it depends on, depth first, each dependency by the first
/// alternative that can be had. A package that cannot be had loses its candidate, so that it is not
/// tried again. Decisions that follow from what was asked for without a choice are protected.
extension Installation {
    /// Deeper than any chain of dependencies there is.
    private static let maximumDepth = 3000

    /// Marks a package for installation.
    ///
    /// - Returns: whether it and what it depends on could be marked.
    @discardableResult
    func mark(
        _ package: Universe.Package,
        withDependencies: Bool,
        isRequested: Bool = false,
        depth: Int = 0
    ) throws(ResolutionError) -> Bool {
        guard depth <= Self.maximumDepth, universe.highest[package] != Universe.none else {
            return false
        }
        guard isRequested || isMarked[package] || !isProtected[package] else { return false }
        let candidate = candidates[package]
        guard candidate != Universe.none else { return false }
        if !isProtected[package], isMarked[package], try !isBroken(package) { return true }
        if withDependencies, try !isSatisfiable(package, candidate) { return false }
        if isRequested { settle(package) }

        let failsEarly = !isProtected[package] && !isRequested
        guard withDependencies else {
            if !isRequested { settle(package) }
            return true
        }
        var hasFailed = false
        let open = try openRequirements(of: package, candidate)
        if !removeConflicting(open, package, isRequested) {
            guard !failsEarly else { return false }
            hasFailed = true
        }
        if !isRequested { settle(package) }
        return try markDependencies(
            of: package,
            open.filter(\.isPositive),
            isRequested: isRequested,
            failsEarly: failsEarly,
            depth: depth
        ) && !hasFailed
    }

    private func markDependencies(
        of package: Universe.Package,
        _ dependencies: [Requirement],
        isRequested: Bool,
        failsEarly: Bool,
        depth: Int
    ) throws(ResolutionError) -> Bool {
        // While its dependencies are looked for, nobody changes the decision on the package.
        let wasProtected = isProtected[package]
        isProtected[package] = true
        defer { if !wasProtected { isProtected[package] = false } }
        var hasFailed = false
        for dependency in dependencies
        where try !satisfy(dependency, of: package, isProtecting: wasProtected, depth: depth) {
            hasFailed = true
            if !wasProtected && !isRequested { break }
        }
        if hasFailed && failsEarly { giveUp(package) }
        return !hasFailed
    }

    /// Whether all dependencies of a candidate have something that could satisfy them.
    private func isSatisfiable(
        _ package: Universe.Package,
        _ candidate: Universe.Entry
    ) throws(ResolutionError) -> Bool {
        for requirement in try requirements(of: candidate) where requirement.isPositive {
            guard !holds(requirement, of: package, .installed),
                !holds(requirement, of: package, .candidate)
            else { continue }
            if !isProtected[package] {
                candidates[package] = Universe.none
                isMarked[package] = false
                hasGivenUp = true
            }
            return false
        }
        return true
    }

    /// What does not hold yet; everything where decisions are protected, to protect what follows.
    private func openRequirements(
        of package: Universe.Package,
        _ candidate: Universe.Entry
    ) throws(ResolutionError) -> [Requirement] {
        let requirements = try requirements(of: candidate)
        guard !isProtected[package] else { return requirements }
        return requirements.filter { !holds($0, of: package, .installed) }
    }

    /// Takes back what the package conflicts with.
    ///
    /// - Returns: false where something of it stands.
    private func removeConflicting(
        _ requirements: [Requirement],
        _ package: Universe.Package,
        _ isRequested: Bool
    ) -> Bool {
        let isProtecting = isProtected[package]
        var hasFailed = false
        for requirement in requirements where !requirement.isPositive {
            for entry in conflicting(requirement, of: package) {
                let other = universe.package(entry)
                guard candidates[other] == entry else { continue }
                if isMarked[other], !unmark(other) {
                    hasFailed = true
                    if !isProtecting && !isRequested { return false }
                } else if isProtecting {
                    candidates[other] = installed[other]
                    isProtected[other] = true
                    hasGivenUp = true
                }
            }
        }
        return !hasFailed
    }

    private func conflicting(
        _ requirement: Requirement,
        of package: Universe.Package
    ) -> [Universe.Entry] {
        guard !requirement.targets.isEmpty else {
            return siblings(requirement, of: package, .candidate)
        }
        return requirement.targets.flatMap { target in
            entries(target, requirement, of: package, .candidate)
        }
    }

    /// Finds something that satisfies a dependency.
    private func satisfy(
        _ dependency: Requirement,
        of package: Universe.Package,
        isProtecting: Bool,
        depth: Int
    ) throws(ResolutionError) -> Bool {
        if holds(dependency, of: package, .installed) {
            guard isProtecting else { return true }
            return try protect(dependency, of: package, depth: depth)
        }
        let runs = solutions(of: dependency, package)
        let isOnly = runs.count == 1 && runs[0].count == 1
        for run in runs {
            // Only here, because few ever get this far, and the question is an expensive one.
            for entry in run.count == 1 ? run : mentions.latestFirst(run) {
                let other = universe.package(entry)
                guard candidates[other] == entry else { continue }
                if isProtecting, isOnly {
                    guard try mark(other, withDependencies: false, depth: depth + 1) else {
                        continue
                    }
                    isProtected[other] = true
                }
                if try mark(other, withDependencies: true, depth: depth + 1) { return true }
            }
        }
        return false
    }

    /// Protects the only package that satisfies a dependency.
    private func protect(
        _ dependency: Requirement,
        of package: Universe.Package,
        depth: Int
    ) throws(ResolutionError) -> Bool {
        var solutions = dependency.targets.flatMap { target in
            entries(target, dependency, of: package, .candidate)
        }
        solutions.removeAll(where: isRuledOut)
        guard let only = solutions.first, solutions.allSatisfy({ $0 == only }) else { return true }
        let other = universe.package(only)
        guard !isProtected[other] else { return true }
        isProtected[other] = true
        return try mark(other, withDependencies: true, depth: depth + 1)
    }

    /// What could satisfy a dependency, the first choice first; what comes to the same together.
    private func solutions(
        of dependency: Requirement,
        _ package: Universe.Package
    ) -> [[Universe.Entry]] {
        var runs: [[Universe.Entry]] = []
        for target in dependency.targets {
            let entries = entries(target, dependency, of: package, .candidate)
                .filter { !isRuledOut($0) }
            for run in ProviderOrder(installation: self, target: target).runs(of: entries)
            where runs.last != run {
                runs.append(run)
            }
        }
        return runs
    }

    /// Whether it was decided that the package of an entry is not installed.
    private func isRuledOut(_ entry: Universe.Entry) -> Bool {
        let package = universe.package(entry)
        return isProtected[package] && !isMarked[package]
    }

    /// Marks the package itself.
    private func settle(_ package: Universe.Package) {
        isMarked[package] = true
        installed[package] = candidates[package]
    }

    /// Takes a mark back.
    private func unmark(_ package: Universe.Package) -> Bool {
        guard !isProtected[package] else { return false }
        isMarked[package] = false
        installed[package] = Universe.none
        hasGivenUp = true
        return true
    }

    /// Takes a mark back for good.
    private func giveUp(_ package: Universe.Package) {
        isMarked[package] = false
        installed[package] = Universe.none
        candidates[package] = Universe.none
        hasGivenUp = true
    }
}
