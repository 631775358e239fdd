// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import RootfsRecipe
import StoreTestSupport
import SystemPackage
import Testing

@testable import DebianArchive

/// What a signed release says, and when it is no longer believed.
@Suite struct ReleaseTests: ~Copyable {
    private let ground: ReleaseGround

    init() throws { ground = try ReleaseGround() }

    @Test func aGoodReleaseSaysWhatIsThere() async throws {
        let key = try await SigningKey("good", in: ground.directory.path)
        let signed = try await key.sign(ReleaseGround.text)
        for suite in ["bookworm", "oldstable"] {
            let release = try await ground.verifier(key).release(
                signed,
                archive: .debian,
                suite: suite,
                now: ReleaseGround.now
            )
            #expect(release.codename == "bookworm")
            #expect(release.date == ReleaseDate(seconds: 1_783_764_997))
            #expect(release.validUntil == ReleaseDate(seconds: 1_783_764_997 + 7 * 86400))
            #expect(release.hasFilesByHash && !release.hasSeparateArchitectureAll)
            #expect(release.architectures == ["all", "amd64", "arm64"])
            #expect(release.snapshots?.contains("@SNAPSHOTID@") == true)
            let file = release.packages(component: "main", architecture: "amd64", suffix: ".xz")
            #expect(file?.size == 5)
            #expect(file?.digest == digest("index"))
            #expect(
                file?.pathByHash == "main/binary-amd64/by-hash/SHA256/\(digest("index").hex)"
            )
            // There is a weak hash of it, and no other.
            #expect(release.file("main/binary-amd64/Packages.gz") == nil)
        }
        try await key.retire()
        #expect(try names(in: ground.directory.path) == ["good", "good.asc", "good.gpg"])
    }

    @Test func aReleaseOutOfDateIsRefusedWithBothDates() async throws {
        let key = try await SigningKey("good", in: ground.directory.path)
        let signed = try await key.sign(ReleaseGround.text)
        let end = ReleaseDate(seconds: 1_783_764_997 + 7 * 86400)
        let later = ReleaseDate(seconds: end.seconds + 1)
        #expect(await ground.fault(ground.verifier(key), signed, now: end) == nil)
        #expect(
            await ground.fault(ground.verifier(key), signed, now: later)
                == .expired(validUntil: end, now: later)
        )
        try await key.retire()
    }

    @Test func anotherSuiteIsRefused() async throws {
        let key = try await SigningKey("good", in: ground.directory.path)
        let signed = try await key.sign(ReleaseGround.text)
        for suite in ["trixie", "stable", "bookworm-security", ""] {
            #expect(
                await ground.fault(ground.verifier(key), signed, suite: suite)
                    == .otherSuite(suite: "oldstable", codename: "bookworm")
            )
        }
        try await key.retire()
    }

    @Test(arguments: [
        ("Date: Sat, 11 Jul 2026 10:16:37 UTC", "Date: yesterday"),
        ("Date: Sat, 11 Jul 2026 10:16:37 UTC", "Date: Sat, 11 Jul 2026 10:16:37 +0200"),
        ("Valid-Until: Sat, 18", "Valid-Until: Sat, 58"), ("SHA256:", "SHA1:"),
        ("      5 main", " -5 main"),
        ("5 main", "main"), ("Architectures: all", "Architectures: ../all"), ("Origin:", "Origin"),
    ])
    func malformedReleasesAreRefused(old: String, new: String) throws {
        let text = ReleaseGround.text.replacing(old, with: new, maxReplacements: 1)
        #expect(text != ReleaseGround.text)
        let fault = #expect(throws: ReleaseFault.self) {
            try ReleaseFile(Array(text.utf8), suite: "bookworm", now: ReleaseGround.now)
        }
        guard case .control = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
    }

    // Of several releases that are looked at side by side, the first bad one cancels the others.
    @Test func whoIsCancelledIsToldAndNothingElseHappens() async throws {
        let key = try await SigningKey("archive", in: ground.directory.path)
        let bytes = try await key.sign(ReleaseGround.text)
        let verifier = ground.verifier(key)
        for delay in 0..<20 {
            let work = Task {
                try await verifier.release(
                    bytes,
                    archive: .debian,
                    suite: "bookworm",
                    now: ReleaseGround.now
                ).architectures
            }
            try await Task.sleep(for: .microseconds(delay * 50))
            work.cancel()
            #expect(try await work.value.contains("arm64"))
        }
        try await key.retire()
    }

    /// date(1) says what the dates are.
    @Test(arguments: [
        "Thu, 01 Jan 1970 00:00:00 UTC", "Thu, 29 Feb 2024 23:59:59 UTC",
        "Fri, 31 Dec 1999 12:00:00 GMT",
        "Sun, 1 Mar 2026 1:02:03 +0000", "Tue, 01 Mar 2100 00:00:00 UTC",
        "Wed, 18 Nov 2026 22:17:41 UTC",
    ])
    func datesAreThoseOfTheMachine(text: String) async throws {
        let seconds = try await Program("date", "-u", "-d", text, "+%s").check()
        #expect(ReleaseDate(text)?.seconds == Int64(seconds.filter { !$0.isWhitespace }))
    }
}
