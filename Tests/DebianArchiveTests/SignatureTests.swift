// SPDX-License-Identifier: MIT OR Apache-2.0

import OCIStore
import StoreTestSupport
import SystemPackage
import Testing

@testable import DebianArchive

/// Whose word a release is, as gpgv sees it.
@Suite struct SignatureTests: ~Copyable {
    private let ground: ReleaseGround

    init() throws { ground = try ReleaseGround() }

    @Test func anotherTextThanTheSignedOneIsRefused() async throws {
        let key = try await SigningKey("good", in: ground.directory.path)
        let signed = try await key.sign(ReleaseGround.text)
        let text = String(decoding: signed, as: UTF8.self)
        for change in [("Size", "size"), ("bookworm", "bookwork"), ("Jul 2026", "Jul 2027")] {
            let changed = Array(text.replacing(change.0, with: change.1).utf8)
            guard changed != signed else { continue }
            guard case .badSignature(let keys) = await ground.fault(ground.verifier(key), changed)
            else {
                Issue.record("\(change)")
                continue
            }
            #expect(keys.allSatisfy { key.fingerprint.hasSuffix($0) } && keys.count == 1)
        }
        try await key.retire()
    }

    /// Any byte of what is signed counts.
    @Test func aFlippedBitAnywhereInTheTextIsRefused() async throws {
        let key = try await SigningKey("good", in: ground.directory.path)
        let signed = try await key.sign(ReleaseGround.text)
        let start = try #require(String(decoding: signed, as: UTF8.self).firstRange(of: "Origin"))
        let offset = String(decoding: signed, as: UTF8.self)[..<start.lowerBound].utf8.count
        for position in stride(from: offset, to: offset + ReleaseGround.text.utf8.count - 1, by: 97)
        {
            var changed = signed
            changed[position] ^= 1
            #expect(await ground.fault(ground.verifier(key), changed) != nil, "byte \(position)")
        }
        try await key.retire()
    }

    /// Text around the signed one is nobody's word.
    @Test func textOutsideOfTheSignatureIsNotRead() async throws {
        let key = try await SigningKey("good", in: ground.directory.path)
        let extra = Array("Codename: trixie\nSuite: trixie\n\n".utf8)
        let signed = try await key.sign(ReleaseGround.text)
        for bytes in [extra + signed, signed + extra] {
            #expect(await ground.fault(ground.verifier(key), bytes, suite: "trixie") != nil)
        }
        try await key.retire()
    }

    @Test func signaturesOfOtherKeysAreRefused() async throws {
        let key = try await SigningKey("good", in: ground.directory.path)
        let other = try await SigningKey("other", in: ground.directory.path)
        let signed = try await other.sign(ReleaseGround.text)
        guard case .unknownKeys(let keys) = await ground.fault(ground.verifier(key), signed) else {
            Issue.record("believed")
            return
        }
        #expect(keys.count == 1 && keys.allSatisfy { other.fingerprint.hasSuffix($0) })
        #expect(
            await ground.fault(ground.verifier(key), Array(ReleaseGround.text.utf8)) == .unsigned
        )
        // Either key serves where both are believed, and only the named one where one is named.
        #expect(await ground.fault(ground.verifier(key, other), signed) == nil)
        let named = ReleaseVerifier(
            keys: SigningKeys(
                keyrings: [.file(key.keyring), .file(other.keyring)],
                fingerprints: [key.fingerprint]
            ),
            scratch: ground.directory.path
        )
        #expect(await ground.fault(named, signed) == .signatureRefused(keys: [other.fingerprint]))
        try await key.retire()
        try await other.retire()
    }

    /// As Debian's own: signed by several keys, of which a machine may know one.
    @Test func oneKnownKeyOfSeveralSuffices() async throws {
        let key = try await SigningKey("good", in: ground.directory.path)
        let other = try await SigningKey("other", in: ground.directory.path)
        try await Program(
            "sh",
            "-c",
            "gpg --homedir \"$0\" --batch --export-secret-keys | gpg --homedir \"$1\" --batch --import",
            other.home.string,
            key.home.string
        ).check()
        let signed = try await key.sign(
            ReleaseGround.text,
            options: ["-u", key.fingerprint, "-u", other.fingerprint]
        )
        #expect(await ground.fault(ground.verifier(other), signed) == nil)
        #expect(await ground.fault(ground.verifier(key), signed) == nil)
        try await key.retire()
        try await other.retire()
    }

    @Test func expiredKeysAndSignaturesAreRefused() async throws {
        let past = ["--faked-system-time", "20200101T000000"]
        let key = try await SigningKey(
            "brief",
            in: ground.directory.path,
            expires: "1d",
            options: past
        )
        let signed = try await key.sign(ReleaseGround.text, options: past)
        let keyFault = await ground.fault(ground.verifier(key), signed)
        guard case .keyExpired = keyFault else {
            Issue.record("\(String(describing: keyFault))")
            return
        }
        let lasting = try await SigningKey("lasting", in: ground.directory.path, options: past)
        let brief = try await lasting.sign(
            ReleaseGround.text,
            options: past + ["--default-sig-expire", "1d"]
        )
        let signatureFault = await ground.fault(ground.verifier(lasting), brief)
        guard case .signatureExpired = signatureFault else {
            Issue.record("\(String(describing: signatureFault))")
            return
        }
        try await key.retire()
        try await lasting.retire()
    }

    @Test func weakHashesAreRefused() async throws {
        let key = try await SigningKey("good", in: ground.directory.path, algorithm: "rsa2048")
        let signed = try await Program(
            "gpg",
            "--homedir",
            key.home.string,
            "--batch",
            "--quiet",
            "--clear-sign",
            "--digest-algo",
            "SHA1",
            input: ReleaseGround.text
        ).check()
        let weak = await ground.fault(ground.verifier(key), Array(signed.utf8))
        guard case .signatureRefused(let keys) = weak else {
            Issue.record("\(String(describing: weak))")
            return
        }
        #expect(keys.count == 1 && keys.allSatisfy { key.fingerprint.hasSuffix($0) })
        try await key.retire()
    }

    @Test func missingMeansAreNamed() async throws {
        let key = try await SigningKey("good", in: ground.directory.path)
        let signed = try await key.sign(ReleaseGround.text)
        let empty = ground.directory.path.appending("nowhere")
        #expect(
            await ground.fault(ground.verifier(key, searchPath: empty.string), signed)
                == .verifierMissing
        )
        let nowhere = empty.appending("keyring.gpg")
        for (keyrings, expected) in [
            ([SigningKeys.Keyring.file(nowhere)], ReleaseFault.keyringMissing(nowhere)),
            ([], .noKeyring), ([.armoured("no key")], .keyringMalformed(nil)),
        ] {
            let verifier = ReleaseVerifier(
                keys: SigningKeys(keyrings: keyrings),
                scratch: ground.directory.path
            )
            #expect(await ground.fault(verifier, signed) == expected)
        }
        try await key.retire()
    }

    @Test func armouredKeysServe() async throws {
        let key = try await SigningKey("good", in: ground.directory.path)
        let signed = try await key.sign(ReleaseGround.text)
        for keyring in [
            SigningKeys.Keyring.file(key.armoured), .armoured(try content(key.armoured)),
        ] {
            let verifier = ReleaseVerifier(
                keys: SigningKeys(keyrings: [keyring]),
                scratch: ground.directory.path
            )
            #expect(await ground.fault(verifier, signed) == nil)
        }
        try await key.retire()
    }
}
