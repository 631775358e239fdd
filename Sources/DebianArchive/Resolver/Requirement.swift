// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Debian Policy 7; Multi-Arch specification.

/// Something that has to hold of the installed packages when one particular entry is installed.
struct Requirement {
    enum Kind {
        /// One of the alternatives is there.
        case dependency
        /// None of what the relation means is there.
        case conflict
        /// The same package is not there for other architectures.
        case alone
        /// Where the same package is there for other architectures, it has this version.
        case inStep
    }

    /// The packages that a relation means.
    struct Target {
        enum Scope {
            /// For the architecture of the package that has the relation.
            case own
            /// For any architecture, of packages that allow it.
            case any
            /// For this one; -1 where it is none of ours.
            case architecture(Int)
        }

        /// The group; -1 where the name never turned up.
        var group: Universe.Group
        var scope: Scope
        var constraint: Relation.Constraint?

        func admits(_ version: PackageVersion?) -> Bool {
            guard let constraint else { return true }
            return version.map { constraint.admits($0) } ?? false
        }
    }

    var kind: Kind
    /// The entry that requires it.
    var owner: Universe.Entry
    var targets: [Target] = []
    /// As the index has it.
    var dependency = Dependency([])

    var isPositive: Bool {
        if case .dependency = kind { true } else { false }
    }
}

extension Universe {
    /// What an entry requires, in the order in which apt looks at it.
    func requirements(of entry: Entry) throws(ResolutionError) -> [Requirement] {
        var list: [Requirement] = []
        for field in [RelationField.preDepends, .depends] {
            for dependency in try relations(entry, field) {
                list.append(
                    Requirement(
                        kind: .dependency,
                        owner: entry,
                        targets: dependency.alternatives.map(target),
                        dependency: dependency
                    )
                )
            }
        }
        for field in [RelationField.conflicts, .breaks] {
            for dependency in try relations(entry, field) {
                list.append(
                    Requirement(
                        kind: .conflict,
                        owner: entry,
                        targets: dependency.alternatives.map(target),
                        dependency: dependency
                    )
                )
            }
        }
        if architectures.count > 1 {
            let isSame = fields(entry).multiArch == .same
            list.append(Requirement(kind: isSame ? .inStep : .alone, owner: entry))
        }
        return list
    }

    func target(_ relation: Relation) -> Requirement.Target {
        let scope: Requirement.Target.Scope
        switch relation.qualifier {
        case .same: scope = .own
        case .any: scope = .any
        case .architecture("native"): scope = .architecture(0)
        case .architecture(let name):
            scope = .architecture(architectures.firstIndex(of: name) ?? -1)
        }
        return Requirement.Target(
            group: names.find(relation.name.utf8Span.span) ?? -1,
            scope: scope,
            constraint: relation.constraint
        )
    }
}
