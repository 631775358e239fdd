// SPDX-License-Identifier: MIT OR Apache-2.0

import Console
import OCIStore
import RootfsRecipe

/// What becomes different when an entry of a lock is brought up to date, in cargo's manner.
struct LockChange: Equatable {
    /// One line: a verb, and what it is about.
    struct Line: Equatable {
        let verb: String
        let text: String
    }

    let lines: [Line]

    /// The change of an image.
    init(of reference: ImageReference, from old: ImageLock?, to new: ImageLock) {
        let found = "\(new.manifest)"
        guard let old else {
            lines = [Line(verb: "Adding", text: "\(reference) \(found)")]
            return
        }
        guard old != new else {
            lines = [Line(verb: "Unchanged", text: "\(reference) \(found)")]
            return
        }
        let layers = new.diffIDs.count { !old.diffIDs.contains($0) }
        let text = "\(reference) \(old.manifest) -> \(found), \(layers) new layers"
        lines = [Line(verb: "Updating", text: text)]
    }

    /// The change of a target's packages.
    init(of target: String, from old: RecipeLock?, to new: RecipeLock) {
        let before = Self.versions(old?.packages ?? [])
        let after = Self.versions(new.packages)
        let names = Set(before.keys).union(after.keys).sorted()
        let changes = names.compactMap { name -> Line? in
            switch (before[name], after[name]) {
            case (nil, let version?): Line(verb: "Adding", text: "\(name) \(version)")
            case (let version?, nil): Line(verb: "Removing", text: "\(name) \(version)")
            case (let old?, let new?) where old != new:
                Line(verb: "Updating", text: "\(name) \(old) -> \(new)")
            default: nil
            }
        }
        guard old != nil else {
            lines = [Line(verb: "Adding", text: "\(after.count) packages for \(target)")]
            return
        }
        let summary = "\(changes.count) of \(after.count) packages for \(target)"
        lines =
            changes.isEmpty
            ? [Line(verb: "Unchanged", text: "\(after.count) packages for \(target)")]
            : changes + [Line(verb: "Changed", text: summary)]
    }

    private static func versions(_ packages: [LockedPackage]) -> [String: String] {
        Dictionary(
            packages.map { ("\($0.name):\($0.architecture)", $0.version) },
            uniquingKeysWith: { $0 + ", " + $1 }
        )
    }

    /// Says it.
    func show(_ console: Console) {
        for line in lines { console.status(line.verb, line.text) }
    }
}
