// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import RootfsRecipe
import Testing

@testable import DebianArchive
@testable import cross

/// The resolver against apt, on the archive as the machine reaches it.
@Suite(.serialized) struct ClosureTests {
    /// What the manifests of this repository ask of a suite, each set of packages once.
    private struct Wanted: Hashable {
        let foreign: [String]
        let packages: [String]

        static func all(of suite: String) throws -> Set<Wanted> {
            let library = ManifestLibrary(directory: nil)
            let platform = Platform(os: "linux", architecture: "amd64")
            var all: Set<Wanted> = []
            for triple in ManifestLibrary.triples {
                let manifest = try RootfsManifest.find(try Target(triple), in: library)
                let recipe = manifest?.debian?
                    .recipe(platform: platform, suite: nil, packages: [])
                guard let recipe, recipe.suite == suite else { continue }
                let foreign = Set(
                    recipe.packages.compactMap { PackageRequest($0)?.architecture }
                ).subtracting(["amd64"])
                all.insert(Wanted(foreign: foreign.sorted(), packages: recipe.packages))
            }
            return all
        }
    }

    /// Compares what the manifests ask for, and more.
    ///
    /// - Returns: for how many sets of the manifests' there is a closure, and for how many not.
    private func compare(
        _ suite: String,
        in suites: [Suite],
        and others: [Comparison]
    ) async throws -> (solved: Int, unsolved: Int) {
        let wanted = try Wanted.all(of: suite)
        let architectures = Set(wanted.flatMap(\.foreign) + others.flatMap(\.foreign)).sorted()
        var archive = try await LocalArchive(suites, architectures: ["amd64"] + architectures)
        for other in others { try await other.expectSame(in: &archive) }
        var solved = 0
        for set in wanted {
            let packages = try archive.packages(set.packages, foreign: set.foreign)
            let comparison = Comparison(packages, foreign: set.foreign)
            if try await comparison.expectSame(in: &archive) { solved += 1 }
        }
        return (solved, wanted.count - solved)
    }

    @Test func closuresOfBookwormAreThoseOfApt() async throws {
        let result = try await compare(
            "bookworm",
            in: Suite.suites(of: "bookworm"),
            and: [
                Comparison(
                    "crossbuild-essential-arm64 libssl-dev:arm64 protobuf-compiler python3",
                    foreign: "arm64"
                ),
                Comparison("wine32:i386", foreign: "i386"),
                // Nothing but the order in which packages turn up decides between xemacs21's flavours.
                Comparison(
                    "gimp-help-sv rabbitmq-server libglobus-gram-client3:arm64",
                    foreign: "arm64"
                ),
            ]
        )
        // Where a mirror is in the middle of a synchronisation, a foreign architecture may have none.
        #expect(result.solved > result.unsolved, "\(result)")
    }

    @Test func closuresOfTrixieAreThoseOfApt() async throws {
        // Without its updates: on mirrors that have not all architectures of those up to date,
        // libraries of two architectures never have one version.
        let result = try await compare(
            "trixie",
            in: [Suite(.debian, "trixie"), Suite(.security, "trixie-security")],
            and: []
        )
        #expect(result.solved > result.unsolved, "\(result)")
    }
}
