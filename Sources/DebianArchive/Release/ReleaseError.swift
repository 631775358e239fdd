// SPDX-License-Identifier: MIT OR Apache-2.0

public import RootfsRecipe
public import SystemPackage

/// Why the release file of a suite is not believed.
public struct ReleaseError: Error, Hashable, Sendable {
    /// The archive that it was for.
    public let archive: Archive
    /// The suite that was asked for.
    public let suite: String
    /// What is wrong.
    public let fault: ReleaseFault

    /// An error of the given parts.
    public init(_ archive: Archive, suite: String, _ fault: ReleaseFault) {
        self.archive = archive
        self.suite = suite
        self.fault = fault
    }
}

/// What can be wrong with a release file or with the means to verify it, in facts.
public enum ReleaseFault: Error, Hashable, Sendable {
    /// The program `gpgv` is not in `PATH`.
    case verifierMissing
    /// The system did not let `gpgv` be run.
    case verifierNotStarted(Errno)
    /// The program `gpgv` ended in a way it should not, or left no text.
    case verifierFailed
    /// The program `gpgv` has believed the signature and failed all the same, so in writing there.
    case textUnwritten(FilePath)
    /// There is no such keyring.
    case keyringMissing(FilePath)
    /// The keyring could not be read.
    case keyringUnreadable(FilePath, Errno)
    /// The keyring, or the key in the sources where there is no path, is no OpenPGP key.
    case keyringMalformed(FilePath?)
    /// The machine has no keyring that releases could be verified with.
    case noKeyring

    /// There is no signature in the file.
    case unsigned
    /// The text is not what was signed with the keys of these identifiers.
    case badSignature(keys: [String])
    /// None of the keys that signed it is in the keyring.
    case unknownKeys([String])
    /// The signatures of these keys have expired.
    case signatureExpired(keys: [String])
    /// These keys have expired.
    case keyExpired([String])
    /// These keys were revoked.
    case keyRevoked([String])
    /// The signatures are made with a hash that is broken, or by keys that the sources do not admit.
    case signatureRefused(keys: [String])

    /// The text is no control paragraph.
    case control(ControlError)
    /// The release says that it is of another suite.
    case otherSuite(suite: String?, codename: String?)
    /// The release is no longer to be used.
    case expired(validUntil: ReleaseDate, now: ReleaseDate)

    /// A private file for the verification could not be made.
    case scratch(FilePath, Errno)
}
