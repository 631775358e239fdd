// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: apt-transport-mirror(1).

import DebianArchive
import OCIStore
import RootfsRecipe

extension SystemConfiguration {
    /// What a recipe and its lock say of the system, and nothing else does: the same lock is to give
    /// the same tree wherever its packages came from.
    ///
    /// So the addresses of mirrors are not in the tree, but in a list of the machine's own that apt
    /// reads there: `/etc/apt/mirrors/<archive>.list`.
    ///
    /// - Parameters:
    ///   - recipe: that was resolved.
    ///   - lock: what it was resolved to.
    ///   - architecture: Debian's name of the recipe's platform.
    ///   - wheels: the keys of the wheels' layers.
    /// - Throws: `AptSourcesError.malformedSuite`.
    init(
        _ recipe: Recipe,
        _ lock: RecipeLock,
        architecture: String,
        wheels: [Digest]
    ) throws(AptSourcesError) {
        let suites = try Suite.suites(of: recipe.suite)
        let requested = Set(recipe.packages.flatMap(Recipe.alternatives) + Recipe.always)
        let packages = lock.packages.map { package in
            let names = [package.name, "\(package.name):\(package.architecture)"]
            return Package(
                key: DebianPackage.key(of: package.digest),
                name: package.name,
                architecture: package.architecture,
                isRequested: names.contains(where: requested.contains),
                isAddition: !suites.contains { $0.name == package.suite }
            )
        }
        var foreign: [String] = []
        for package in packages where !package.isAddition {
            let other = package.architecture
            if other != "all", other != architecture, !foreign.contains(other) {
                foreign.append(other)
            }
        }
        self.init(
            packages: packages,
            others: wheels,
            architecture: architecture,
            foreignArchitectures: foreign.sorted(),
            sources: Archive.allCases.compactMap { archive in
                let own = suites.filter { $0.archive == archive }.map(\.name)
                let list = "/etc/apt/mirrors/\(archive.rawValue).list"
                return own.isEmpty ? nil : Source(addresses: ["mirror+file:\(list)"], suites: own)
            },
            files: recipe.files,
            date: lock.date
        )
    }
}
