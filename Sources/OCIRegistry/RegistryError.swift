// SPDX-License-Identifier: MIT OR Apache-2.0

public import Download
public import OCIStore
public import SystemPackage

/// What a request was after.
public enum RegistrySubject: Hashable, Sendable {
    /// The manifest or index that a reference stands for.
    case manifest(ImageReference)
    /// An image configuration.
    case configuration(Digest)
    /// A layer.
    case blob(Digest)
    /// A blob that is pushed.
    case upload(Digest)
    /// A manifest that is pushed.
    case uploadedManifest(ImageReference)
    /// A token that lets one pull or push, from the token server of this host.
    case token(host: String)
}

/// Where a password or token that was offered came from.
public enum CredentialSource: Hashable, Sendable {
    /// A file in the manner of Docker's `config.json`.
    case file(FilePath)
    /// The program `docker-credential-<name>`.
    case helper(String)
}

/// Why a registry could not be used, in facts.
public enum RegistryError: Error, Hashable, Sendable {
    /// No answer ever came from the host; `reason` is the network library's wording.
    case unreachable(host: String, reason: String)
    /// The registry is named by an IPv6 address, of which URLSession takes no URL (-1000).
    case addressAsName(host: String)
    /// The connection broke or stalled, in each of so many attempts.
    case interrupted(RegistrySubject, host: String, reason: String, attempts: Int)
    /// The host answered with this HTTP status, after so many attempts.
    case status(Int, RegistrySubject, host: String, attempts: Int)
    /// The host knows no such manifest or blob (HTTP status 404).
    case missing(RegistrySubject, host: String)
    /// The host wants other credentials (HTTP status 401 or 403) than the ones offered.
    case denied(RegistrySubject, host: String, offered: CredentialSource?)
    /// The token server is not one the registry's credentials may be shown to, and turned down an
    /// anonymous request.
    case credentialsWithheld(host: String, realm: String)
    /// The host asks for authentication of other schemes than Basic and Bearer.
    case unsupportedAuthentication(host: String)
    /// The registry named a token server that must not be asked.
    case realmRefused(host: String, realm: String)
    /// The token server's answer holds no token that can be sent.
    case tokenMalformed(host: String)
    /// The host redirected to where the program does not follow.
    case redirectRefused(RegistrySubject, host: String, location: String, RedirectRefusal)

    /// The answer's headers are more than these bytes, or too many.
    case headersTooLarge(RegistrySubject, host: String, limit: Int)

    /// The bytes have another digest than announced.
    case digestMismatch(RegistrySubject, expected: Digest, actual: Digest)
    /// The body has another length than announced; where it went on, `actual` is one more.
    case sizeMismatch(RegistrySubject, expected: Int64, actual: Int64)
    /// The body is longer than anything of its kind may be.
    case tooLarge(RegistrySubject, limit: Int)
    /// The body came with a content encoding that was not asked for.
    case encoded(RegistrySubject, String)
    /// The header and the document disagree on the media type.
    case mediaTypeMismatch(RegistrySubject, header: String, document: String)
    /// The media type is not one that the program understands.
    case unsupportedMediaType(RegistrySubject, String)
    /// The document is not what its media type says.
    case malformed(RegistrySubject, Malformation)
    /// The image is not there for the platform.
    case platformMissing(ImageReference, wanted: Platform, available: [Platform])

    /// The configuration of registries forbids the image, by an entry for this prefix.
    case blocked(ImageReference, prefix: String)
    /// A file that names mirrors could not be read; no `Errno` where the contents are malformed.
    case routesUnreadable(FilePath, Errno?)
    /// A mirror's address that is none.
    case routeMalformed(String)
    /// The certificates could not be read.
    case certificatesUnreadable(FilePath, Errno)
    /// The credentials could not be read; no `Errno` where the contents are malformed.
    case credentialsUnreadable(FilePath, Errno?)
    /// The credential helper could not be started, or its answer is malformed.
    case credentialHelperUnusable(name: String)
    /// The file that takes a blob could not be written.
    case file(FilePath, Errno)
    /// The caller cancelled the task.
    case cancelled
}

/// What is wrong with a document.
public enum Malformation: Hashable, Sendable {
    /// It is no JSON, or a field is missing or has another type.
    case json
    /// It names a digest of another algorithm than sha256, or one that is none.
    case digest(String)
    /// It has the fields of a manifest and those of an index.
    case ambiguous
    /// What a descriptor embeds of its blob is not the blob.
    case embeddedData(Digest)
    /// A size is not positive.
    case size(Int64)
    /// An index within an index within an index.
    case nesting
    /// The configuration lists another number of layers than the manifest.
    case layerCount(manifest: Int, configuration: Int)
}

/// What a user should know although nothing failed.
public indirect enum RegistryNotice: Hashable, Sendable {
    /// Users other than the owner can read the file that the credentials are in.
    case credentialsExposed(FilePath)
    /// The registry sent this text with a `Warning` header.
    case warning(host: String, text: String)
    /// A mirror was of no use, so the next host is asked.
    case elsewhere(String, RegistryError, next: String)
    /// A request failed in a way that passes and is made again.
    case retrying(RegistrySubject, host: String, attempt: Int, after: Duration)
}
