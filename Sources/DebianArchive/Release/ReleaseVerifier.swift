// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: gpgv(1); apt-secure(8); Debian repository format, "InRelease".

import Glibc
import OCIStore
public import RootfsRecipe
public import SystemPackage

/// Verifies the release files of an archive with gpgv.
public struct ReleaseVerifier: Sendable {
    private let keys: SigningKeys
    private let scratch: FilePath
    private let check: SignatureCheck

    /// A release file of the whole archive has some 150 KiB.
    private static let maximumLength = 16 << 20

    /// A verifier that believes some keys.
    ///
    /// - Parameters:
    ///   - keys: the keys.
    ///   - scratch: a directory that private ones can be made in.
    ///   - searchPath: where to look for `gpgv`, in place of `PATH`.
    public init(
        keys: SigningKeys,
        scratch: FilePath = "/tmp",
        searchPath: String? = nil
    ) {
        self.init(keys: keys, scratch: scratch) { (question) async throws(ReleaseFault) in
            try await question.ask(searchPath: searchPath)
        }
    }

    /// A verifier that has somebody else run gpgv.
    package init(keys: SigningKeys, scratch: FilePath, check: @escaping SignatureCheck) {
        self.keys = keys
        self.scratch = scratch
        self.check = check
    }

    /// Verifies a release file and reads what was signed of it.
    ///
    /// - Parameters:
    ///   - bytes: the file `InRelease`.
    ///   - archive: the archive that it came from.
    ///   - suite: the suite that was asked for, by role or codename.
    ///   - now: the time that `Valid-Until` is compared with.
    /// - Returns: what the release says.
    /// - Throws: `ReleaseError`.
    public func release(
        _ bytes: [UInt8],
        archive: Archive,
        suite: String,
        now: ReleaseDate = .now
    ) async throws(ReleaseError) -> ReleaseFile {
        do throws(ReleaseFault) {
            let text = try await verifiedText(of: bytes)
            return try ReleaseFile(text, suite: suite, now: now)
        } catch {
            throw ReleaseError(archive, suite: suite, error)
        }
    }

    /// What of a clear-signed text was signed by one of the keys.
    func verifiedText(of bytes: [UInt8]) async throws(ReleaseFault) -> [UInt8] {
        guard bytes.count <= Self.maximumLength else {
            throw .control(.tooLarge(limit: Self.maximumLength))
        }
        let directory = try ScratchDirectory(in: scratch)
        let keyrings = try keyringFiles(in: directory)
        let output = directory.path.appending("text")
        let report = try await check(
            SignatureQuestion(
                signed: bytes,
                keyrings: keyrings,
                output: output,
                home: directory.path
            )
        )

        // gpgv calls a signature wrong, or ends with 2, also where it could not write all that was signed.
        if report.status != 0 { try directory.requireRoom(for: bytes.count) }
        let signatures = SignatureStatus(report.text)
        let admitted = signatures.good.filter { keys.admit(key: $0.key, primary: $0.primary) }
        let refused = signatures.good.map(\.key)
        guard signatures.bad.isEmpty, !admitted.isEmpty else {
            throw signatures.fault(refused: refused)
        }
        // gpgv ends with 2 where it lacks the key of one of several signatures, and with 1 for a bad one.
        guard report.status == 0 || (report.status == 2 && !signatures.unknown.isEmpty) else {
            throw .textUnwritten(output)
        }
        do throws(StoreError) {
            return try OwnedDescriptor(opening: output, O_RDONLY | O_NOFOLLOW)
                .readAll(limit: Self.maximumLength)
        } catch {
            throw .verifierFailed
        }
    }

    /// Binary keyrings, made from armoured ones where need be.
    private func keyringFiles(
        in directory: borrowing ScratchDirectory
    ) throws(ReleaseFault) -> [FilePath] {
        guard !keys.keyrings.isEmpty else { throw .noKeyring }
        var files: [FilePath] = []
        for (index, keyring) in keys.keyrings.enumerated() {
            let (bytes, path) = try contents(of: keyring)
            let file = directory.path.appending("keyring-\(index).gpg")
            var binary = bytes
            if path == nil || Armour.isArmoured(bytes) {
                guard let keys = Armour.keys(String(decoding: bytes, as: UTF8.self)) else {
                    throw .keyringMalformed(path)
                }
                binary = keys
            }
            // RFC 4880, section 4.2: a packet, as a key is one, starts with the highest bit set.
            // gpgv also takes GnuPG's own keybox, which has its name at its ninth byte.
            guard let first = binary.first,
                first & 0x80 != 0 || binary.dropFirst(8).starts(with: Array("KBXf".utf8))
            else { throw .keyringMalformed(path) }
            do throws(StoreError) {
                try OwnedDescriptor(
                    opening: file,
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
                    mode: 0o600
                ).write(binary)
            } catch {
                throw .scratch(file, error.errno ?? .ioError)
            }
            files.append(file)
        }
        return files
    }

    private func contents(
        of keyring: SigningKeys.Keyring
    ) throws(ReleaseFault) -> (bytes: [UInt8], path: FilePath?) {
        switch keyring {
        case .armoured(let text): return (Array(text.utf8), nil)
        case .file(let path):
            do throws(StoreError) {
                let file = try OwnedDescriptor(opening: path, O_RDONLY)
                return (try file.readAll(limit: Self.maximumLength), path)
            } catch {
                guard error.errno == .noSuchFileOrDirectory else {
                    throw .keyringUnreadable(path, error.errno ?? .fileTooLarge)
                }
                throw .keyringMissing(path)
            }
        }
    }
}
