// SPDX-License-Identifier: MIT OR Apache-2.0

extension Installation {
    /// What is installed: dependencies before what depends on them, where there is no cycle.
    func ordered(roots: [Universe.Package]) throws(ResolutionError) -> [Universe.Entry] {
        var order: [Universe.Entry] = []
        var isSeen = Array(repeating: false, count: installed.count)
        for root in roots { try place(root, &order, &isSeen, depth: 0) }
        for package in installed.indices where installed[package] != Universe.none {
            try place(package, &order, &isSeen, depth: 0)
        }
        return order
    }

    private func place(
        _ package: Universe.Package,
        _ order: inout [Universe.Entry],
        _ isSeen: inout [Bool],
        depth: Int
    ) throws(ResolutionError) {
        let entry = installed[package]
        guard !isSeen[package], entry != Universe.none else { return }
        isSeen[package] = true
        for requirement in try requirements(of: entry) where requirement.isPositive {
            for target in requirement.targets {
                let needed = entries(target, requirement, of: package, .installed).sorted()
                for entry in needed {
                    try place(universe.package(entry), &order, &isSeen, depth: depth + 1)
                }
            }
        }
        order.append(entry)
    }

    /// Takes back what nothing asks for: brought along by packages that were given up.
    ///
    /// What is recommended or suggested stays when it is there already, as in apt.
    func dropLeftovers(roots: [Universe.Package]) throws(ResolutionError) {
        var pending = roots
        pending += universe.essential.union(universe.protected)
        var isNeeded = Array(repeating: false, count: installed.count)
        while let package = pending.popLast() {
            let entry = installed[package]
            guard entry != Universe.none, !isNeeded[package] else { continue }
            isNeeded[package] = true
            for field in [RelationField.preDepends, .depends, .recommends, .suggests] {
                for dependency in try universe.relations(entry, field) {
                    let requirement = Requirement(
                        kind: .dependency,
                        owner: entry,
                        targets: dependency.alternatives.map(universe.target)
                    )
                    for target in requirement.targets {
                        pending += entries(target, requirement, of: package, .installed)
                            .map(universe.package)
                    }
                }
            }
        }
        for package in installed.indices where !isNeeded[package] {
            installed[package] = Universe.none
            isMarked[package] = false
        }
    }
}
