// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import RootfsRecipe
import StoreTestSupport
import SystemPackage
import Testing

@testable import DebianArchive

@Suite struct SourceTests: ~Copyable {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        for name in ["sources.list.d", "trusted.gpg.d"] {
            let path = directory.path.appending(name)
            _ = unsafe path.withPlatformString { unsafe mkdir($0, 0o700) }
        }
    }

    private func locations(
        _ mirrors: RecipeRequest.Mirrors = .init()
    ) throws(AptSourcesError) -> ArchiveLocations {
        try ArchiveLocations(mirrors: mirrors, etc: directory.path, keyrings: ["/nonexistent.gpg"])
    }

    /// What is wrong with the machine's sources, or a configuration.
    private func fault(_ mirrors: RecipeRequest.Mirrors = .init()) -> AptSourcesError? {
        do throws(AptSourcesError) {
            _ = try locations(mirrors)
            return nil
        } catch {
            return error
        }
    }

    private func write(_ text: String, _ name: String) throws {
        try StoreTestSupport.write(text, to: directory.path.appending(name))
    }

    private static let keyring = SigningKeys(
        keyrings: [.file("/usr/share/keyrings/debian-archive-keyring.gpg")]
    )

    @Test func paragraphsAreRead() throws {
        try write(
            """
            # the distribution
            Types: deb deb-src
            URIs: http://deb.example.org/debian/
             https://other.example.org/debian
            Suites: bookworm bookworm-updates
            Components: main contrib
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

            Types: deb
            URIs: http://deb.example.org/debian-security
            Suites: bookworm-security
            Components: main
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

            Enabled: no
            Types: deb
            URIs: http://off.example.org/debian
            Suites: bookworm
            Components: main
            """,
            "sources.list.d/debian.sources"
        )
        let found = try locations()
        #expect(
            found.debian.bases.map(\.description)
                == ["http://deb.example.org/debian", "https://other.example.org/debian"]
        )
        #expect(
            found[.security].bases.map(\.description) == ["http://deb.example.org/debian-security"]
        )
        #expect(found.debian.keys == Self.keyring)
        #expect(
            found.debian.bases[0].address(of: "dists/bookworm/InRelease")
                == "http://deb.example.org/debian/dists/bookworm/InRelease"
        )
    }

    @Test func linesAreRead() throws {
        try write(
            """
            # deb http://off.example.org/debian bookworm main
            deb [arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://a.example.org/debian bookworm main # x
            deb-src http://a.example.org/debian bookworm main
            deb\thttp://a.example.org/debian\tbookworm-updates\tmain contrib
            """,
            "sources.list"
        )
        try write(
            "deb http://s.example.org/debian-security bookworm-security main\n",
            "sources.list.d/s.list"
        )
        try write(
            "deb http://no.example.org/debian bookworm main\n",
            "sources.list.d/old.list.save"
        )
        let found = try locations()
        #expect(found.debian.bases.map(\.description) == ["http://a.example.org/debian"])
        #expect(found.debian.keys == Self.keyring)
        #expect(found.security.bases.map(\.description) == ["http://s.example.org/debian-security"])
    }

    @Test func aKeyInTheSourcesIsRead() throws {
        try write(
            """
            Types: deb
            URIs: http://a.example.org/debian
            Suites: trixie
            Components: main
            Signed-By:
             -----BEGIN PGP PUBLIC KEY BLOCK-----
             .
             mDMEY865UxYJKwYBBAHaRw8BAQdAd7Z0srwuhlB6JKFkcf4HU4SSS/xcRfwEQWzr
             =abcd
             -----END PGP PUBLIC KEY BLOCK-----
            """,
            "sources.list.d/debian.sources"
        )
        guard case .armoured(let text) = try locations().debian.keys.keyrings.first else {
            Issue.record("no key")
            return
        }
        #expect(Armour.keys(text)?.first == 0x98)
    }

    /// Others name their suites after Debian's, too.
    @Test(arguments: [
        "deb https://packages.cloud.example.org/apt cloud-sdk-bookworm main",
        "deb [signed-by=/usr/share/keyrings/nodesource.gpg] https://deb.example.org/node_20.x nodistro main",
        "deb http://archive.example.org/ubuntu noble main",
        "deb http://archive.example.org/ubuntu noble-security main",
        "deb https://download.example.org/linux/debian bookworm stable",
        "deb https://packages.example.org/debian/12/prod bookworm main",
        "deb https://apt.example.org stable main",
        "deb [signed-by=/etc/apt/keyrings/mariadb.pgp] https://mirror.example.org/repo/debian bookworm main",
        "deb https://apt.example.org/postgresql bookworm-pgdg main",
        "deb http://repo.example.org/debian ./",
        "deb-src http://ftp.zz.debian.org/debian bookworm main",
    ])
    func othersAreNotMistakenForDebian(line: String) throws {
        try write(line + "\n", "sources.list")
        #expect(fault() == .noSources(.debian, etc: directory.path))
    }

    /// Where Debian's own are there, what only looks like them does not count.
    @Test func certainSourcesComeAlone() throws {
        try write(
            """
            deb http://lookalike.example.org/debian bookworm main
            deb http://ftp.zz.debian.org/debian bookworm main
            deb http://security.debian.org/debian-security bookworm-security main
            """,
            "sources.list"
        )
        #expect(try locations().debian.bases.map(\.host) == ["ftp.zz.debian.org"])
        #expect(try locations().security.bases.map(\.host) == ["security.debian.org"])
    }

    @Test func passwordsAreNotSaid() throws {
        try write(
            "deb https://me:s3cr%40t@a.example.org:8443/debian bookworm main\n",
            "sources.list"
        )
        let found = try locations()
        let base = try #require(found.debian.bases.first)
        #expect(base.credential?.user == "me")
        #expect(base.credential?.password == "s3cr@t")
        #expect(base.host == "a.example.org:8443")
        var dumped = ""
        dump(found, to: &dumped)
        for text in [dumped, "\(found)", String(reflecting: found), base.address(of: "x")] {
            #expect(!text.contains("s3cr") && !text.contains("me:"))
        }
        // The security fixes are beside it, where nothing else is known of them.
        #expect(
            found.security.bases.map(\.description) == [
                "https://a.example.org:8443/debian-security"
            ]
        )
        #expect(found.security.bases[0].credential == base.credential)
    }

    @Test func aConfigurationComesFirst() throws {
        try write("deb http://ftp.zz.debian.org/debian bookworm main\n", "sources.list")
        let mirrors = RecipeRequest.Mirrors(
            bases: ["debian": ["http://m.example.org/d", "file:///srv/debian"]],
            keyring: "/srv/keys.gpg"
        )
        let found = try locations(mirrors)
        #expect(
            found.debian.bases.map(\.description) == [
                "http://m.example.org/d", "file:///srv/debian",
            ]
        )
        #expect(found.debian.keys.keyrings == [.file("/srv/keys.gpg")])
        #expect(
            fault(.init(bases: ["debian-security": ["ftp://x/y"]]))
                == .unsupportedSchemes(["ftp"], .security)
        )
        #expect(fault(.init(bases: ["debian": ["http:///x"]])) == .malformedAddress(.debian))
    }

    @Test func aMachineWithoutSourcesSaysSo() throws {
        let nowhere = directory.path.appending("nowhere")
        #expect(throws: AptSourcesError.noSources(.debian, etc: nowhere)) {
            try ArchiveLocations(etc: nowhere, keyrings: [])
        }
        try write("deb cdrom:[Debian]/ bookworm main\n", "sources.list")
        #expect(fault() == .noSources(.debian, etc: directory.path))
        try write("deb ftp://ftp.debian.org/debian bookworm main\n", "sources.list")
        #expect(fault() == .unsupportedSchemes(["ftp"], .debian))
    }

    @Test func malformedSourcesAreNamed() throws {
        try write("\nrpm http://x/y z\n", "sources.list")
        #expect(fault() == .malformedLine(directory.path.appending("sources.list"), line: 2))
        try write("", "sources.list")
        try write("Types: deb\nSuites: x\n", "sources.list.d/x.sources")
        let file = directory.path.appending("sources.list.d/x.sources")
        #expect(fault() == .malformed(file, .missing(field: "URIs", offset: 0)))
    }

    @Test(arguments: [
        "ftp://x/debian", "http:/x/debian", "http://x/../debian", "http://x/debian?a",
        "http://x/deb ian", "debian",
        "http://", "http://x/$(ARCH)", "http://u%zz:p@x/debian", "file://host/debian",
        "http://x/debian\u{1b}[0m",
    ])
    func whatIsNoAddressIsRefused(uri: String) {
        #expect(ArchiveBase(uri) == nil)
    }

    @Test func aReleaseIsMadeOfSuites() throws {
        #expect(
            try Suite.suites(of: "trixie")
                == [
                    Suite(.debian, "trixie"), Suite(.debian, "trixie-updates"),
                    Suite(.security, "trixie-security"),
                ]
        )
        #expect(try Suite.suites(of: "sid") == [Suite(.debian, "sid")])
        #expect(throws: AptSourcesError.malformedSuite("../x")) { try Suite.suites(of: "../x") }
    }

    /// The machine that the tests run on has Debian's archive, as every test with packages needs.
    @Test func theMachinesOwnSourcesAreFound() throws {
        let found = try ArchiveLocations()
        #expect(!found.debian.bases.isEmpty && !found.security.bases.isEmpty)
        #expect(!found.debian.keys.keyrings.isEmpty)
    }
}
