// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import Download
import OCIStore
import RootfsRecipe

extension Explanation {
    init(of error: ArchiveClientError) {
        switch error {
        case .malformedSnapshots(let address):
            self.init(
                "'\(address)' is no address of an archive's old states",
                hint:
                    "want an address with @SNAPSHOTID@ in it: [build.debian] snapshots in Cross.toml"
            )
        case .verification(let error): self.init(of: error)
        case .malformedPath(let package):
            self.init(
                "the lock has no usable path and size for \(package.name) \(package.version)",
                hint: "resolve the recipe anew: cross-util update"
            )
        case .unavailable(let subject, let failures): self.init(of: subject, failures)
        case .undecodable(let subject):
            self.init("\(Self.name(subject)) cannot be decompressed")
        case .malformed(let subject, let error):
            self.init("\(Self.name(subject)) is malformed: \(Self.reason(error))")
        case .certificatesUnreadable(let path, let errno):
            self.init("cannot read the certificates in \(path): \(errno)")
        case .store(let error): self.init(of: error)
        case .file(let path, let errno): self.init(failing: "write", path: path, errno)
        case .cancelled: self.init("cancelled")
        }
    }

    private init(of subject: ArchiveSubject, _ failures: [MirrorFailure]) {
        let name = Self.name(subject)
        let reasons = failures.map { "\($0.address): \(Self.reason($0.fault))" }
        self.init(
            "\(name) cannot be had: " + reasons.joined(separator: "; "),
            hint: Self.hint(subject, failures)
        )
    }

    private static func hint(_ subject: ArchiveSubject, _ failures: [MirrorFailure]) -> String? {
        if failures.contains(where: { $0.fault.isUnreachable }) {
            return "check the network and the proxy (http_proxy, https_proxy, NO_PROXY); run the"
                + " same command again: it goes on where it stopped"
        }
        switch subject {
        case .package where failures.allSatisfy({ $0.fault == .missing }):
            return """
                this version has left the archive: name where its old states are kept in Cross.toml,
                [build.debian] snapshots = "https://…/@ARCHIVE@/@SNAPSHOTID@/", or resolve the recipe
                anew: cross-util update
                """
        case .index where failures.contains(where: { $0.fault.isMismatch }):
            return "the mirror may be in the middle of being brought up to date: try again in an"
                + " hour, or name another mirror"
        default: return nil
        }
    }

    /// What of an archive it is about.
    static func name(_ subject: ArchiveSubject) -> String {
        switch subject {
        case .release(let suite): "the release file of \(suite)"
        case .index(let suite, let path): "the index \(path) of \(suite)"
        case .package(let package):
            "package \(package.name) \(package.version) (\(package.architecture))"
        }
    }

    /// Why an address was of no use.
    static func reason(_ fault: MirrorFault) -> String {
        switch fault {
        case .missing: "there is no such file"
        case .denied: "it wants a password, or another one"
        case .unreadable(let errno): "\(errno)"
        case .tooLarge(let limit): "it is larger than \(bytes(Int64(limit)))"
        case .release(let error): reason(error.fault)
        case .download(let error): reason(error)
        }
    }

    /// Why a file did not come.
    static func reason(_ error: DownloadError) -> String {
        switch error {
        case .unreachable(_, let reason): reason
        case .interrupted(_, let reason, let attempts):
            "the connection broke in \(attempts) attempts: \(reason)"
        case .status(let status, let host, let attempts):
            "\(host) answered with HTTP status \(status)"
                + (attempts > 1 ? " to each of \(attempts) attempts" : "")
        case .redirectRefused(_, let location, let refusal):
            "it redirects to '\(location)', \(reason(refusal))"
        case .digestMismatch(let expected, let actual):
            "the digest of what came is \(actual), not \(expected)"
        case .sizeMismatch(let expected, let actual):
            "\(expected) bytes were announced, but "
                + (actual > expected ? "more came" : "\(actual) came")
        case .encoded(let encoding): "it came with Content-Encoding '\(encoding)' unasked"
        case .certificatesUnreadable(let path, let errno), .file(let path, let errno):
            "\(path): \(errno)"
        case .cancelled: "cancelled"
        }
    }
}

extension MirrorFault {
    fileprivate var isUnreachable: Bool {
        switch self {
        case .download(.unreachable), .download(.interrupted): true
        default: false
        }
    }

    fileprivate var isMismatch: Bool {
        switch self {
        case .download(.digestMismatch), .download(.sizeMismatch): true
        default: false
        }
    }
}
