// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import OCIStore
import RootfsRecipe
import StoreTestSupport
import SystemPackage
import Testing

@testable import DebianArchive

@Suite struct ReleaseTests: ~Copyable {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static let text = """
        Origin: Debian
        Suite: oldstable
        Codename: bookworm
        Date: Sat, 11 Jul 2026 10:16:37 UTC
        Valid-Until: Sat, 18 Jul 2026 10:16:37 UTC
        Acquire-By-Hash: yes
        No-Support-for-Architecture-all: Packages
        Snapshots: https://snapshot.example.org/archive/debian/@SNAPSHOTID@/
        Architectures: all amd64 arm64
        Components: main
        MD5Sum:
         d41d8cd98f00b204e9800998ecf8427e 0 main/binary-amd64/Packages.gz
        SHA256:
         \(digest("index").hex)      5 main/binary-amd64/Packages.xz

        """

    /// Ten minutes after the release's date.
    private static let now = ReleaseDate(seconds: 1_783_765_597)

    private func verifier(_ keys: SigningKey..., searchPath: String? = nil) -> ReleaseVerifier {
        ReleaseVerifier(
            keys: SigningKeys(keyrings: keys.map { .file($0.keyring) }),
            scratch: directory.path,
            searchPath: searchPath
        )
    }

    private func fault(
        _ verifier: ReleaseVerifier,
        _ bytes: [UInt8],
        suite: String = "bookworm",
        now: ReleaseDate = Self.now
    ) async -> ReleaseFault? {
        do throws(ReleaseError) {
            _ = try await verifier.release(bytes, archive: .debian, suite: suite, now: now)
            return nil
        } catch {
            #expect(error.archive == .debian && error.suite == suite)
            return error.fault
        }
    }

    // Of several releases that are looked at side by side, the first bad one cancels the others.
    @Test func whoIsCancelledIsToldAndNothingElseHappens() async throws {
        let key = try await SigningKey("archive", in: directory.path)
        let bytes = try await key.sign(Self.text)
        let verifier = verifier(key)
        for delay in 0..<20 {
            let work = Task {
                try await verifier.release(
                    bytes,
                    archive: .debian,
                    suite: "bookworm",
                    now: Self.now
                ).architectures
            }
            try await Task.sleep(for: .microseconds(delay * 50))
            work.cancel()
            #expect(try await work.value.contains("arm64"))
        }
        try await key.retire()
    }

    @Test func aGoodReleaseSaysWhatIsThere() async throws {
        let key = try await SigningKey("good", in: directory.path)
        let signed = try await key.sign(Self.text)
        for suite in ["bookworm", "oldstable"] {
            let release = try await verifier(key).release(
                signed,
                archive: .debian,
                suite: suite,
                now: Self.now
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
        #expect(try names(in: directory.path) == ["good", "good.asc", "good.gpg"])
    }

    @Test func anotherTextThanTheSignedOneIsRefused() async throws {
        let key = try await SigningKey("good", in: directory.path)
        let signed = try await key.sign(Self.text)
        let text = String(decoding: signed, as: UTF8.self)
        for change in [("Size", "size"), ("bookworm", "bookwork"), ("Jul 2026", "Jul 2027")] {
            let changed = Array(text.replacing(change.0, with: change.1).utf8)
            guard changed != signed else { continue }
            guard case .badSignature(let keys) = await fault(verifier(key), changed) else {
                Issue.record("\(change)")
                continue
            }
            #expect(keys.allSatisfy { key.fingerprint.hasSuffix($0) } && keys.count == 1)
        }
        try await key.retire()
    }

    /// Any byte of what is signed counts.
    @Test func aFlippedBitAnywhereInTheTextIsRefused() async throws {
        let key = try await SigningKey("good", in: directory.path)
        let signed = try await key.sign(Self.text)
        let start = try #require(String(decoding: signed, as: UTF8.self).firstRange(of: "Origin"))
        let offset = String(decoding: signed, as: UTF8.self)[..<start.lowerBound].utf8.count
        for position in stride(from: offset, to: offset + Self.text.utf8.count - 1, by: 97) {
            var changed = signed
            changed[position] ^= 1
            #expect(await fault(verifier(key), changed) != nil, "byte \(position)")
        }
        try await key.retire()
    }

    /// Text around the signed one is nobody's word.
    @Test func textOutsideOfTheSignatureIsNotRead() async throws {
        let key = try await SigningKey("good", in: directory.path)
        let extra = Array("Codename: trixie\nSuite: trixie\n\n".utf8)
        let signed = try await key.sign(Self.text)
        for bytes in [extra + signed, signed + extra] {
            #expect(await fault(verifier(key), bytes, suite: "trixie") != nil)
        }
        try await key.retire()
    }

    @Test func signaturesOfOtherKeysAreRefused() async throws {
        let key = try await SigningKey("good", in: directory.path)
        let other = try await SigningKey("other", in: directory.path)
        let signed = try await other.sign(Self.text)
        guard case .unknownKeys(let keys) = await fault(verifier(key), signed) else {
            Issue.record("believed")
            return
        }
        #expect(keys.count == 1 && keys.allSatisfy { other.fingerprint.hasSuffix($0) })
        #expect(await fault(verifier(key), Array(Self.text.utf8)) == .unsigned)
        // Either key serves where both are believed, and only the named one where one is named.
        #expect(await fault(verifier(key, other), signed) == nil)
        let named = ReleaseVerifier(
            keys: SigningKeys(
                keyrings: [.file(key.keyring), .file(other.keyring)],
                fingerprints: [key.fingerprint]
            ),
            scratch: directory.path
        )
        #expect(await fault(named, signed) == .signatureRefused(keys: [other.fingerprint]))
        try await key.retire()
        try await other.retire()
    }

    /// As Debian's own: signed by several keys, of which a machine may know one.
    @Test func oneKnownKeyOfSeveralSuffices() async throws {
        let key = try await SigningKey("good", in: directory.path)
        let other = try await SigningKey("other", in: directory.path)
        try await Program(
            "sh",
            "-c",
            "gpg --homedir \"$0\" --batch --export-secret-keys | gpg --homedir \"$1\" --batch --import",
            other.home.string,
            key.home.string
        ).check()
        let signed = try await key.sign(
            Self.text,
            options: ["-u", key.fingerprint, "-u", other.fingerprint]
        )
        #expect(await fault(verifier(other), signed) == nil)
        #expect(await fault(verifier(key), signed) == nil)
        try await key.retire()
        try await other.retire()
    }

    @Test func expiredKeysAndSignaturesAreRefused() async throws {
        let past = ["--faked-system-time", "20200101T000000"]
        let key = try await SigningKey("brief", in: directory.path, expires: "1d", options: past)
        let signed = try await key.sign(Self.text, options: past)
        let keyFault = await fault(verifier(key), signed)
        guard case .keyExpired = keyFault else {
            Issue.record("\(String(describing: keyFault))")
            return
        }
        let lasting = try await SigningKey("lasting", in: directory.path, options: past)
        let brief = try await lasting.sign(
            Self.text,
            options: past + ["--default-sig-expire", "1d"]
        )
        let signatureFault = await fault(verifier(lasting), brief)
        guard case .signatureExpired = signatureFault else {
            Issue.record("\(String(describing: signatureFault))")
            return
        }
        try await key.retire()
        try await lasting.retire()
    }

    @Test func weakHashesAreRefused() async throws {
        let key = try await SigningKey("good", in: directory.path, algorithm: "rsa2048")
        let signed = try await Program(
            "gpg",
            "--homedir",
            key.home.string,
            "--batch",
            "--quiet",
            "--clear-sign",
            "--digest-algo",
            "SHA1",
            input: Self.text
        ).check()
        let weak = await fault(verifier(key), Array(signed.utf8))
        guard case .signatureRefused(let keys) = weak else {
            Issue.record("\(String(describing: weak))")
            return
        }
        #expect(keys.count == 1 && keys.allSatisfy { key.fingerprint.hasSuffix($0) })
        try await key.retire()
    }

    @Test func aReleaseOutOfDateIsRefusedWithBothDates() async throws {
        let key = try await SigningKey("good", in: directory.path)
        let signed = try await key.sign(Self.text)
        let end = ReleaseDate(seconds: 1_783_764_997 + 7 * 86400)
        let later = ReleaseDate(seconds: end.seconds + 1)
        #expect(await fault(verifier(key), signed, now: end) == nil)
        #expect(
            await fault(verifier(key), signed, now: later) == .expired(validUntil: end, now: later)
        )
        try await key.retire()
    }

    @Test func anotherSuiteIsRefused() async throws {
        let key = try await SigningKey("good", in: directory.path)
        let signed = try await key.sign(Self.text)
        for suite in ["trixie", "stable", "bookworm-security", ""] {
            #expect(
                await fault(verifier(key), signed, suite: suite)
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
        let text = Self.text.replacing(old, with: new, maxReplacements: 1)
        #expect(text != Self.text)
        let fault = #expect(throws: ReleaseFault.self) {
            try ReleaseFile(Array(text.utf8), suite: "bookworm", now: Self.now)
        }
        guard case .control = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
    }

    @Test func missingMeansAreNamed() async throws {
        let key = try await SigningKey("good", in: directory.path)
        let signed = try await key.sign(Self.text)
        let empty = directory.path.appending("nowhere")
        #expect(await fault(verifier(key, searchPath: empty.string), signed) == .verifierMissing)
        let nowhere = empty.appending("keyring.gpg")
        for (keyrings, expected) in [
            ([SigningKeys.Keyring.file(nowhere)], ReleaseFault.keyringMissing(nowhere)),
            ([], .noKeyring), ([.armoured("no key")], .keyringMalformed(nil)),
        ] {
            let verifier = ReleaseVerifier(
                keys: SigningKeys(keyrings: keyrings),
                scratch: directory.path
            )
            #expect(await fault(verifier, signed) == expected)
        }
        try await key.retire()
    }

    @Test func armouredKeysServe() async throws {
        let key = try await SigningKey("good", in: directory.path)
        let signed = try await key.sign(Self.text)
        for keyring in [
            SigningKeys.Keyring.file(key.armoured), .armoured(try content(key.armoured)),
        ] {
            let verifier = ReleaseVerifier(
                keys: SigningKeys(keyrings: [keyring]),
                scratch: directory.path
            )
            #expect(await fault(verifier, signed) == nil)
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
