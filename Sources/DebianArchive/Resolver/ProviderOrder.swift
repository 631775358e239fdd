// SPDX-License-Identifier: MIT OR Apache-2.0

/// Which of several packages that satisfy one relation is tried first.
struct ProviderOrder {
    let installation: Installation
    /// What the relation means.
    let target: Requirement.Target

    private var universe: Universe { installation.universe }

    /// Puts entries in order, the first choice first; those that come to the same together.
    func runs(of entries: [Universe.Entry]) -> [[Universe.Entry]] {
        guard entries.count > 1 else { return entries.isEmpty ? [] : [entries] }
        var runs: [[Universe.Entry]] = []
        for entry in entries.sorted(by: { precedes($0, $1) ?? false }) {
            if let last = runs.last?.last, precedes(last, entry) == nil {
                runs[runs.count - 1].append(entry)
            } else {
                runs.append([entry])
            }
        }
        return runs
    }

    /// Which of two comes first; `nil` where they come to the same.
    private func precedes(_ one: Universe.Entry, _ other: Universe.Entry) -> Bool? {
        let (first, second) = (universe.package(one), universe.package(other))
        guard first != second else { return nil }
        return choose(first, second) { installation.isProtected[$0] }
            ?? choose(first, second, isNamed)
            ?? choose(first, second) { universe.essential.contains($0) }
            ?? choose(first, second) { universe.protected.contains($0) }
            ?? chooseArchitecture(first, second)
            ?? choosePriority(one, other)
    }

    /// Whether a package has the very name that the relation has.
    private func isNamed(_ package: Universe.Package) -> Bool {
        // A relation with a qualifier means a name of its own to apt, which no package has.
        guard case .own = target.scope else { return false }
        return universe.group(package) == target.group
    }

    private func choose(
        _ first: Universe.Package,
        _ second: Universe.Package,
        _ isPreferred: (Universe.Package) -> Bool
    ) -> Bool? {
        let preference = isPreferred(first)
        return preference == isPreferred(second) ? nil : preference
    }

    private func chooseArchitecture(_ first: Universe.Package, _ second: Universe.Package) -> Bool?
    {
        let (one, other) = (universe.architecture(first), universe.architecture(second))
        return one == other ? nil : one < other
    }

    private func choosePriority(_ one: Universe.Entry, _ other: Universe.Entry) -> Bool? {
        let (first, second) = (universe.fields(one).priority, universe.fields(other).priority)
        return first == second ? nil : first.rawValue < second.rawValue
    }
}
