// SPDX-License-Identifier: MIT OR Apache-2.0

import RootfsRecipe
import Testing

@testable import DebianArchive

/// What the comparison with apt cannot show: order, and why something cannot be had.
@Suite struct ResolverTests {
    private static func identity(
        _ name: String,
        _ version: String,
        _ architecture: String = "amd64"
    ) throws
        -> PackageIdentity
    {
        PackageIdentity(
            name: name,
            architecture: architecture,
            version: try #require(PackageVersion(version))
        )
    }

    @Test func essentialPackagesComeAlongAndDependenciesFirst() throws {
        let resolver = try Resolver([
            Paragraph("base").with("Essential", "yes").with("Pre-Depends", "libc"),
            Paragraph("libc"),
            Paragraph("tool").with("Depends", "zlib, awk"),
            Paragraph("zlib").with("Depends", "libc"),
            Paragraph("gawk").with("Provides", "awk"), Paragraph("other"),
        ])
        #expect(resolver.essential == ["base"])
        #expect(
            try resolver.names("tool") == [
                "libc:amd64", "base:amd64", "zlib:amd64", "gawk:amd64", "tool:amd64",
            ]
        )
    }

    @Test func aCycleEnds() throws {
        let resolver = try Resolver([
            Paragraph("aa").with("Depends", "bb"), Paragraph("bb").with("Depends", "aa"),
        ])
        #expect(Set(try resolver.names("aa")) == ["aa:amd64", "bb:amd64"])
    }

    @Test func theHighestVersionCountsUnlessAnotherIsAskedFor() throws {
        let resolver = try Resolver([
            Paragraph("aa", "1.9"), Paragraph("aa", "1.10"), Paragraph("aa", "1.10~rc1"),
        ])
        #expect(try resolver.closure(of: ["aa"]).map(\.version.description) == ["1.10"])
        #expect(try resolver.closure(of: ["aa=1.9"]).map(\.version.description) == ["1.9"])
        #expect(try resolver.package("aa:amd64").version.description == "1.10")
        let available = try ["1.10", "1.10~rc1", "1.9"].map { try #require(PackageVersion($0)) }
        #expect(throws: ResolutionError.unknownVersion(request: "aa=2", available: available)) {
            try resolver.closure(of: ["aa=2"])
        }
    }

    @Test func anAlternativeThatIsThereAlreadyServes() throws {
        let resolver = try Resolver([
            Paragraph("user").with("Depends", "first | second"), Paragraph("first"),
            Paragraph("second"),
        ])
        #expect(try resolver.names("user") == ["first:amd64", "user:amd64"])
        #expect(try resolver.names("user", "second") == ["second:amd64", "user:amd64"])
    }

    /// What a package brought along that was given up does not stay.
    @Test func aFailedAlternativeLeavesNothingBehind() throws {
        let resolver = try Resolver([
            Paragraph("user").with("Depends", "first | second"), Paragraph("second"),
            Paragraph("first").with("Depends", "extra, deep"), Paragraph("extra"),
            Paragraph("deep").with("Depends", "missing"),
        ])
        #expect(try resolver.names("user") == ["second:amd64", "user:amd64"])
    }

    @Test func architecturesMixAsTheirPackagesSay() throws {
        let paragraphs = [
            Paragraph("lib", "1", "arm64").with("Multi-Arch", "same").with(
                "Depends",
                "tool, data, script:any"
            ),
            Paragraph("lib", "1").with("Multi-Arch", "same"),
            Paragraph("tool").with("Multi-Arch", "foreign"),
            Paragraph("tool", "1", "arm64").with("Multi-Arch", "foreign"),
            Paragraph("data", "1", "all").with("Multi-Arch", "foreign"),
            Paragraph("script").with("Multi-Arch", "allowed"),
        ]
        let resolver = try Resolver(paragraphs, foreign: ["arm64"])
        #expect(
            Set(try resolver.names("lib:arm64", "lib"))
                == ["lib:arm64", "lib:amd64", "tool:amd64", "data:all", "script:amd64"]
        )
    }

    /// A package for all architectures is one of the native architecture.
    @Test func aPackageForAllDoesNotServeAForeignOne() throws {
        let resolver = try Resolver(
            [
                Paragraph("user", "1", "arm64").with("Depends", "data"),
                Paragraph("data", "1", "all"),
            ],
            foreign: ["arm64"]
        )
        let dependency = try Dependency.list("data", field: "Depends")[0]
        #expect(
            throws: ResolutionError.unsatisfiable(
                dependency,
                chain: [try Self.identity("user", "1", "arm64")]
            )
        ) { try resolver.closure(of: ["user:arm64"]) }
    }

    @Test func oneVersionForAllArchitectures() throws {
        let resolver = try Resolver(
            [
                Paragraph("lib", "2").with("Multi-Arch", "same"),
                Paragraph("lib", "1", "arm64").with("Multi-Arch", "same"),
            ],
            foreign: ["arm64"]
        )
        #expect(
            throws: ResolutionError.versionsDiffer(
                [try Self.identity("lib", "2"), try Self.identity("lib", "1", "arm64")],
                chain: [try Self.identity("lib", "2")]
            )
        ) { try resolver.closure(of: ["lib", "lib:arm64"]) }
    }

    @Test func theChainLeadsToWhatIsMissing() throws {
        let resolver = try Resolver([
            Paragraph("aa").with("Depends", "bb"),
            Paragraph("bb").with("Depends", "cc (>= 2) | dd"),
            Paragraph("cc", "1"),
        ])
        let dependency = try Dependency.list("cc (>= 2) | dd", field: "Depends")[0]
        #expect(
            throws: ResolutionError.unsatisfiable(
                dependency,
                chain: [try Self.identity("aa", "1"), try Self.identity("bb", "1")]
            )
        ) { try resolver.closure(of: ["aa"]) }
    }

    @Test func conflictingRequestsAreNamed() throws {
        let resolver = try Resolver([
            Paragraph("aa").with("Depends", "bb"), Paragraph("bb").with("Conflicts", "cc"),
            Paragraph("cc"),
        ])
        #expect(
            throws: ResolutionError.conflict(
                with: try Self.identity("cc", "1"),
                chain: [try Self.identity("aa", "1"), try Self.identity("bb", "1")]
            )
        ) { try resolver.closure(of: ["cc", "aa"]) }
    }

    @Test func anUnknownNameComesWithWhatMayBeMeant() throws {
        let resolver = try Resolver(
            [
                Paragraph("cmake"), Paragraph("gawk").with("Provides", "awk"),
                Paragraph("libc6", "1", "arm64"),
            ],
            foreign: ["arm64"]
        )
        #expect(
            throws: ResolutionError.unknownPackage(request: "cmak", .init(similar: ["cmake"]))
        ) { try resolver.closure(of: ["cmak"]) }
        #expect(
            throws: ResolutionError.unknownPackage(
                request: "awk",
                .init(similar: ["gawk"], providers: ["gawk"])
            )
        ) { try resolver.closure(of: ["awk"]) }
        #expect(
            throws: ResolutionError.unknownPackage(
                request: "libc6:amd64",
                .init(architectures: ["arm64"])
            )
        ) { try resolver.closure(of: ["libc6:amd64"]) }
        #expect(
            throws: ResolutionError.unknownArchitecture(
                request: "cmake:s390x",
                known: ["amd64", "arm64"]
            )
        ) { try resolver.closure(of: ["cmake:s390x"]) }
        #expect(throws: ResolutionError.malformedRequest("../x")) {
            try resolver.closure(of: ["../x"])
        }
        #expect(try resolver.names("libc6") == ["libc6:arm64"])
    }

    @Test func aMalformedDependencyIsNamed() throws {
        let index = try PackageIndex([Paragraph("aa").with("Depends", "bb (1)")])
        let resolver = try Resolver(native: "amd64", foreign: [], indexes: [index])
        let error = #expect(throws: ResolutionError.self) { try resolver.closure(of: ["aa"]) }
        guard case .index(.debian, suite: "test", .malformed(field: "Depends", let offset)) = error
        else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(index.bytes[offset] == UInt8(ascii: "1"))
    }
}
