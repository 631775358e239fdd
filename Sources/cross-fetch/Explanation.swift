// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer
import OCIRegistry
import OCIStore
import SystemPackage

/// An error in the user's words: what failed, where and why; and what helps.
///
/// This file has all of this program's wording. Foreign text in it is escaped by the console.
struct Explanation {
    let what: String
    var hint: String?

    init(_ what: String, hint: String? = nil) {
        self.what = what
        self.hint = hint
    }

    init(of error: PullError) {
        switch error {
        case .noStore:
            self.init(
                "there is no place for the store: HOME is not set",
                hint: "set CROSS_STORE to a directory of your own"
            )
        case .registry(let error): self.init(of: error)
        case .store(let error): self.init(of: error)
        case .layer(_, .store(let error)): self.init(of: error)
        case .layer(let blob, let error):
            self.init(
                "layer \(blob) cannot be unpacked: \(Self.reason(error))",
                hint: "the registry has these very bytes: the image itself is broken or of a kind"
                    + " that is not supported"
            )
        }
    }

    init(of error: ImageReferenceError) {
        switch error {
        case .invalidRegistry(let text): self.init("'\(text)' is not a registry: want host[:port]")
        case .invalidRepository(let text):
            self.init("'\(text)' is not a repository: want lower-case names joined by slashes")
        case .invalidTag(let text): self.init("'\(text)' is not a tag")
        case .invalidDigest(let text):
            self.init("'\(text)' is not a digest: want sha256: and 64 hexadecimal digits")
        case .tooLong: self.init("the name has more than 255 bytes")
        }
    }
}

extension Explanation {
    private init(of error: RegistryError) {
        switch error {
        case .unreachable(let host, let reason):
            self.init(
                "cannot reach \(host): \(reason)",
                hint: """
                    check the name, the network and the proxy (HTTPS_PROXY, NO_PROXY);
                    a private authority goes into /etc/containers/certs.d/\(host)/ca.crt or SSL_CERT_FILE
                    """
            )
        case .interrupted(let subject, let host, let reason, let attempts):
            self.init(
                "\(Self.name(subject)): the connection to \(host) broke in \(attempts) attempts: \(reason)",
                hint: "run the same command again: it goes on where it stopped"
            )
        case .status(let status, let subject, let host, let attempts):
            self.init(
                "\(Self.name(subject)): \(host) answered with HTTP status \(status)"
                    + (attempts > 1 ? " to each of \(attempts) attempts" : ""),
                hint: status == 429
                    ? "the registry limits how much one may pull: log in, or wait" : nil
            )
        case .missing(let subject, let host):
            self.init(
                "\(Self.name(subject)) is not at \(host)",
                hint: "check the name and tag; a private image may look missing until you log in"
            )
        case .denied(let subject, let host, let offered):
            self.init(of: subject, host: host, offered: offered)
        case .credentialsWithheld(let host, let realm):
            self.init(
                "\(host) wants a token from \(realm), which turned down an anonymous request;"
                    + " the credentials for \(host) are not sent to another host"
            )
        case .unsupportedAuthentication(let host):
            self.init("\(host) asks for authentication that is neither Basic nor Bearer")
        case .realmRefused(let host, let realm):
            self.init("\(host) names '\(realm)' as its token server, which is not asked")
        case .tokenMalformed(let host): self.init("the token server \(host) gave no usable token")
        case .redirectRefused(let subject, let host, let location, let refusal):
            self.init(
                "\(Self.name(subject)): \(host) redirects to '\(location)',"
                    + " \(Self.reason(refusal))"
            )
        case .cancelled: self.init("cancelled")
        case .certificatesUnreadable(let path, let errno):
            self.init("cannot read the certificates in \(path): \(errno)")
        case .credentialsUnreadable(let path, let errno):
            self.init(
                "cannot read the credentials in \(path): "
                    + (errno.map { "\($0)" } ?? "not JSON of the expected form")
            )
        case .credentialHelperUnusable(let name):
            self.init(
                "the credential helper docker-credential-\(name) does not work",
                hint: "it is named in the file of your registry credentials, and must be in PATH"
            )
        case .file(let path, let errno): self.init(failing: "write", path: path, errno)
        default: self.init(ofContent: error)
        }
    }

    /// What is wrong with what a registry sent.
    private init(ofContent error: RegistryError) {
        switch error {
        case .digestMismatch(let subject, let expected, let actual):
            self.init(
                "\(Self.name(subject)): the digest of what came is \(actual), not \(expected)",
                hint:
                    "something between here and the registry, or the registry itself, changes data"
            )
        case .sizeMismatch(let subject, let expected, let actual):
            self.init(
                "\(Self.name(subject)): \(expected) bytes were announced, but "
                    + (actual > expected ? "more came" : "\(actual) came")
            )
        case .tooLarge(let subject, let limit):
            self.init("\(Self.name(subject)) is larger than \(bytes(Int64(limit)))")
        case .encoded(let subject, let encoding):
            self.init("\(Self.name(subject)) came with Content-Encoding '\(encoding)' unasked")
        case .mediaTypeMismatch(let subject, let header, let document):
            self.init(
                "\(Self.name(subject)) is '\(header)' by its header and '\(document)' by itself"
            )
        case .unsupportedMediaType(let subject, let type):
            self.init(
                "\(Self.name(subject)) is of type '\(type)', which is no image that can be used",
                hint: type == "text/html"
                    ? "this looks like the page of a proxy or of a network that wants a login" : nil
            )
        case .malformed(let subject, let malformation):
            self.init("\(Self.name(subject)) is malformed: \(Self.reason(malformation))")
        case .platformMissing(let reference, let wanted, let available):
            self.init(
                "\(reference) is not there for \(wanted)",
                hint: "it is there for \(available.map { "\($0)" }.joined(separator: ", "))"
            )
        default: self.init("\(error)")
        }
    }

    private init(of subject: RegistrySubject, host: String, offered: CredentialSource?) {
        let what = "\(host) denies \(Self.name(subject))"
        switch offered {
        case nil:
            self.init(
                "\(what): no credentials for it were found",
                hint: "log in with 'podman login \(host)' or 'docker login \(host)'"
            )
        case .file(let path):
            self.init(
                "\(what) to the credentials in \(path)",
                hint: "they may be wrong or expired, or not allow it: log in again"
            )
        case .helper(let name):
            self.init(
                "\(what) to the credentials of docker-credential-\(name)",
                hint: "they may be wrong or expired, or not allow it: log in again"
            )
        }
    }

    private static func name(_ subject: RegistrySubject) -> String {
        switch subject {
        case .manifest(let reference): "image \(reference)"
        case .configuration(let digest): "configuration \(digest)"
        case .blob(let digest): "layer \(digest)"
        case .token(let host): "a token of \(host)"
        }
    }

    private static func reason(_ refusal: RedirectRefusal) -> String {
        switch refusal {
        case .insecure: "which is not https"
        case .inward: "which is this machine or a private network"
        case .tooMany: "after ten redirects"
        case .malformed: "which is no URL to follow"
        }
    }

    private static func reason(_ malformation: Malformation) -> String {
        switch malformation {
        case .json: "not the JSON it should be"
        case .digest(let text): "'\(text)' is not a sha256 digest"
        case .ambiguous: "both a manifest and an index"
        case .size(let size): "a size of \(size) bytes"
        case .nesting: "indexes within indexes"
        case .layerCount(let manifest, let configuration):
            "\(manifest) layers, but \(configuration) in its configuration"
        }
    }
}

extension Explanation {
    private init(of error: StoreError) {
        switch error {
        case .symbolicLink(let path): self.init("the store \(path) is a symbolic link")
        case .foreignOwner(let path, let uid):
            self.init(
                "the store \(path) belongs to user \(uid)",
                hint: "choose another one with CROSS_STORE"
            )
        case .writableByOthers(let path, _):
            self.init("other users may write into the store \(path)", hint: "chmod go-w '\(path)'")
        case .notAStore(let path):
            self.init(
                "\(path) is neither a store nor empty",
                hint: "choose another one with CROSS_STORE"
            )
        case .newerVersion(let path, let found, let supported):
            self.init("the store \(path) has version \(found), this program knows \(supported)")
        case .damaged(let path, let line):
            self.init(
                "\(path) is damaged" + (line.map { " in line \($0)" } ?? ""),
                hint: "remove that file and pull again"
            )
        case .missingLayer(let digest): self.init("layer \(digest) is not in the store")
        case .noLayers: self.init("the image has no layers, so there is no root filesystem in it")
        case .invalidPlatform(let platform): self.init("'\(platform)' cannot be a platform")
        case .conflict(let conflict, let layer, let path):
            self.init(
                "layer \(layer) does not fit on those below it: \(conflict) at"
                    + " \(String(decoding: path, as: UTF8.self))"
            )
        case .system(let call, let path, let errno):
            self.init(failing: call, path: path, errno)
        }
    }

    private init(failing call: String, path: FilePath, _ errno: Errno) {
        let hint: String? =
            switch errno {
            case .noSpace, .diskQuotaExceeded:
                "make room there, or choose another store with CROSS_STORE; what came is kept"
            case .permissionDenied, .readOnlyFileSystem:
                "choose another store with CROSS_STORE"
            default: nil
            }
        self.init("cannot \(call) \(path): \(errno)", hint: hint)
    }

    private static func reason(_ error: LayerError) -> String {
        switch error {
        case .unknownMediaType(let type): "nothing is known of the type '\(type)'"
        case .notDistributable(let type): "'\(type)' is not to be had from registries"
        case .compression(let fault, let offset): "\(fault) at byte \(offset)"
        case .archive(let message): message
        case .entry(let fault, let name):
            "\(fault) of entry '\(String(decoding: name, as: UTF8.self))'"
        case .limit(let limit): "more \(limit) than allowed"
        case .diffIDMismatch(let expected, let found):
            "its contents have the digest \(found), not \(expected)"
        case .store(let error): "\(error)"
        }
    }
}
