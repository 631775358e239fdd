// SPDX-License-Identifier: MIT OR Apache-2.0

import DebianArchive
import RootfsRecipe
import SystemPackage

extension Explanation {
    /// This machine cannot verify, whatever the release says.
    init(of error: ReleaseError) {
        let hint: String? =
            switch error.fault {
            case .verifierMissing: "install it: apt-get install gpgv"
            case .noKeyring, .keyringMissing:
                """
                install the keys of Debian: apt-get install debian-archive-keyring; or name a file of
                them in Cross.toml, [build.debian] keyring = "…"
                """
            case .textUnwritten: Self.remedy(.noSpace)
            case .verifierNotStarted(let errno), .keyringUnreadable(_, let errno),
                .scratch(_, let errno):
                Self.remedy(errno)
            default: nil
            }
        self.init(
            "the release file of \(error.suite) cannot be verified: \(Self.reason(error.fault))",
            hint: hint
        )
    }

    init(of error: AptSourcesError) {
        switch error {
        case .unreadable(let path, let errno): self.init("cannot read \(path): \(errno)")
        case .malformedLine(let path, let line): self.init("line \(line) of \(path) is no source")
        case .malformed(let path, let error):
            self.init("\(path) is malformed: \(Self.reason(error))")
        case .noSources(let archive, let etc):
            self.init(
                "nothing in \(etc) says where the archive '\(archive.rawValue)' is",
                hint: Self.naming(archive)
            )
        case .unsupportedSchemes(let schemes, let archive):
            self.init(
                "the archive '\(archive.rawValue)' is only known by addresses that cannot be fetched"
                    + " from: \(schemes.map { "\($0):" }.joined(separator: ", "))",
                hint: "http:, https: and file: can; \(Self.naming(archive))"
            )
        case .malformedAddress(let archive):
            self.init(
                "a mirror of '\(archive.rawValue)' is no address",
                hint: Self.naming(archive)
            )
        case .malformedSuite(let name): self.init("'\(name)' cannot be a suite")
        }
    }

    private static func naming(_ archive: Archive) -> String {
        let key = archive == .security ? "security-mirror" : "mirror"
        return "name a mirror in Cross.toml: [build.debian] \(key) = \"https://…\""
    }

    /// What is wrong with a release, or with the means to verify it.
    static func reason(_ fault: ReleaseFault) -> String {
        switch fault {
        case .verifierMissing: "gpgv is not in PATH"
        case .verifierNotStarted(let errno): "cannot run gpgv: \(errno)"
        case .verifierFailed: "gpgv failed"
        case .textUnwritten(let path): "gpgv could not write \(path)"
        case .keyringMissing(let path): "there is no keyring \(path)"
        case .keyringUnreadable(let path, let errno): "cannot read the keyring \(path): \(errno)"
        case .keyringMalformed(let path?): "\(path) is no keyring"
        case .keyringMalformed(nil): "the key in apt's sources is none"
        case .noKeyring: "there is no keyring"
        case .unsigned: "it is not signed"
        case .badSignature(let keys): "its signature by \(list(keys)) is wrong"
        case .unknownKeys(let keys):
            "it is signed by \(list(keys)), which the keyring does not have"
        case .signatureExpired(let keys): "its signature by \(list(keys)) has expired"
        case .keyExpired(let keys): "it is signed by \(list(keys)), which has expired"
        case .keyRevoked(let keys): "it is signed by \(list(keys)), which was revoked"
        case .signatureRefused(let keys): "its signature by \(list(keys)) does not count"
        case .control(let error): reason(error)
        case .otherSuite(let suite, let codename):
            "it is of \([suite, codename].compactMap { $0 }.joined(separator: ", "))"
        case .expired(let until, let now):
            "it expired \(seconds(.seconds(now.seconds - until.seconds))) ago"
        case .scratch(let path, let errno): "cannot write \(path): \(errno)"
        }
    }

    private static func list(_ keys: [String]) -> String {
        keys.isEmpty ? "an unknown key" : keys.joined(separator: ", ")
    }
}
