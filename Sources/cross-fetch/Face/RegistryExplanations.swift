// SPDX-License-Identifier: MIT OR Apache-2.0

import Download
import OCIRegistry
import OCIStore

extension Explanation {
    init(of error: RegistryError) {
        switch error {
        case .unreachable(let host, let reason):
            self.init(
                "cannot reach \(host): \(reason)",
                hint: """
                    check the name, the network and the proxy (HTTPS_PROXY, NO_PROXY);
                    a private authority goes into /etc/containers/certs.d/\(host)/ca.crt or SSL_CERT_FILE
                    """
            )
        case .addressAsName(let host):
            self.init(
                "cannot ask \(host): a registry must have a name, not an IPv6 address",
                hint: "give the address a name, in DNS or in /etc/hosts"
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
                    + " the credentials for \(host) are not sent to another host",
                hint: "where that is its own token server, as GitLab's is, say so:"
                    + " CROSS_TOKEN_SERVERS=\(host)=HOST"
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
        case .blocked(let reference, let prefix):
            self.init(
                "\(reference) is blocked by registries.conf, which has an entry for '\(prefix)'"
            )
        case .routesUnreadable(let path, let errno):
            self.init(
                "cannot read the mirrors in \(path): "
                    + (errno.map { "\($0)" } ?? "not of the expected form")
            )
        case .routeMalformed(let text): self.init("'\(text)' is no address of a mirror")
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
        case .headersTooLarge(let subject, let host, let limit):
            self.init(
                "\(Self.name(subject)): \(host) sends more headers than \(bytes(Int64(limit)))"
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
        case .upload(let digest): "pushing \(digest)"
        case .uploadedManifest(let reference): "pushing image \(reference)"
        case .token(let host): "a token of \(host)"
        }
    }

    static func reason(_ refusal: RedirectRefusal) -> String {
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
        case .embeddedData(let digest): "what it embeds as \(digest) has another digest or size"
        case .size(let size): "a size of \(size) bytes"
        case .nesting: "indexes within indexes"
        case .layerCount(let manifest, let configuration):
            "\(manifest) layers, but \(configuration) in its configuration"
        }
    }
}
