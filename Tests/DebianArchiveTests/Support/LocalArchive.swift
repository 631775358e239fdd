// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import RootfsRecipe
import StoreTestSupport
import SystemPackage

@testable import DebianArchive

/// A copy of package indexes that apt and the resolver both read, so that they see the same.
///
/// They come from the mirror of the machine's apt configuration, by apt's own means. An index that
/// the mirror has not brought up to date with its release serves as well: what is compared is how
/// packages are chosen, not whether they are genuine.
struct LocalArchive: ~Copyable {
    /// An index of the copy.
    private struct Index {
        let suite: Suite
        let architecture: String
        let index: PackageIndex
    }

    private let directory: TemporaryDirectory
    private let suites: [Suite]
    private let indexes: [Index]
    private var resolvers: [[String]: Resolver] = [:]

    /// Gets the indexes of suites, which are in the order in which apt is told of them.
    ///
    /// The architectures are the native one and all foreign ones that comparisons ask for; where a
    /// suite lacks one, that is left out.
    init(_ suites: [Suite], architectures: [String]) async throws {
        let directory = try TemporaryDirectory()
        let locations = try ArchiveLocations()
        var indexes: [Index] = []
        for suite in suites {
            let location = locations[suite.archive]
            let copy = directory.path.appending(suite.name)
            try await Program("mkdir", copy.string).check()
            let release = try await Self.release(of: suite, location, copy)
            for architecture in architectures
            where release.packages(component: "main", architecture: architecture, suffix: ".xz")
                != nil
            {
                let bytes = try await Self.index(architecture, suite, location, copy)
                let index = try PackageIndex(bytes, archive: suite.archive, suite: suite.name)
                indexes.append(Index(suite: suite, architecture: architecture, index: index))
            }
            try await Self.describe(suite, copy)
        }
        self.directory = directory
        self.suites = suites
        self.indexes = indexes
    }

    /// The first package of each entry that there is.
    mutating func packages(_ entries: [String], foreign: [String]) throws -> [String] {
        let resolver = try resolver(foreign)
        return entries.map { resolver.choice(of: Recipe.alternatives(of: $0)) }
    }

    /// Finds the closure of packages with the resolver.
    mutating func closure(
        of packages: [String],
        foreign: [String]
    ) throws -> [PackageRecord] {
        try resolver(foreign).closure(of: packages)
    }

    /// Finds the closure of packages with apt; `nil` where apt finds none.
    mutating func closureOfApt(
        of packages: [String],
        foreign: [String]
    ) async throws -> Set<String>? {
        let apt = try await PrivateApt(
            in: directory.path.appending("apt-\(foreign.joined(separator: "-"))"),
            suites: suites.map { (directory.path.appending($0.name), $0.name) },
            architectures: ["amd64"] + foreign
        )
        return try await apt.install(try resolver(foreign).essential + packages)
    }

    private mutating func resolver(_ foreign: [String]) throws -> Resolver {
        if let known = resolvers[foreign] { return known }
        let resolver = try Resolver(
            native: "amd64",
            foreign: foreign,
            indexes: suites.flatMap { suite in
                (["amd64"] + foreign).flatMap { architecture in
                    indexes.filter { $0.suite == suite && $0.architecture == architecture }
                        .map(\.index)
                }
            }
        )
        resolvers[foreign] = resolver
        return resolver
    }

    private static func release(
        of suite: Suite,
        _ location: ArchiveLocations.Location,
        _ copy: FilePath
    ) async throws -> ReleaseFile {
        let file = copy.appending("InRelease")
        try await fetch("dists/\(suite.name)/InRelease", location, to: file)
        let bytes = Array(try content(file).utf8)
        try await Program("rm", file.string).check()
        return try await ReleaseVerifier(keys: location.keys)
            .release(bytes, archive: suite.archive, suite: suite.name)
    }

    private static func index(
        _ architecture: String,
        _ suite: Suite,
        _ location: ArchiveLocations.Location,
        _ copy: FilePath
    ) async throws -> [UInt8] {
        let path = "dists/\(suite.name)/main/binary-\(architecture)"
        let file = copy.appending(path).appending("Packages")
        try await Program("mkdir", "-p", copy.appending(path).string).check()
        try await fetch("\(path)/Packages.xz", location, to: FilePath(file.string + ".xz"))
        try await Program("xz", "-d", file.string + ".xz").check()
        return try OwnedDescriptor(opening: file, 0).readAll(limit: 1 << 30)
    }

    private static func fetch(
        _ path: String,
        _ location: ArchiveLocations.Location,
        to file: FilePath
    ) async throws {
        let base = location.bases.first.map { $0.address(of: path) } ?? ""
        try await Program(
            "/usr/lib/apt/apt-helper",
            "-o",
            "APT::Sandbox::User=",
            "download-file",
            base,
            file.string
        ).check()
    }

    /// Writes a release file that fits the indexes that are there.
    private static func describe(_ suite: Suite, _ copy: FilePath) async throws {
        let script = """
            cd "$0/dists/$1"
            {
                echo "Suite: $1"
                echo "Codename: $1"
                echo "Date: $(date -Ru | sed 's/+0000/UTC/')"
                echo "Architectures: $(ls main | sed 's/binary-//' | tr '\\n' ' ')"
                echo "Components: main"
                echo "SHA256:"
                for file in main/*/Packages; do
                    echo " $(sha256sum <"$file" | cut -d' ' -f1) $(stat -c %s "$file") $file"
                done
            } >Release
            """
        try await Program("sh", "-ec", script, copy.string, suite.name).check()
    }
}
