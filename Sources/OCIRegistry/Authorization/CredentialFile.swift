// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: containers-auth.json(5); docker/cli, `config.json`.

import Download
import Foundation
import OCIStore
import SystemPackage

/// A file in the manner of Docker's `config.json` or containers' `auth.json`.
struct CredentialFile: Decodable {
    struct Entry: Decodable {
        var auth: String?
        var identitytoken: String?
    }

    var auths: [String: Entry]?
    var credHelpers: [String: String]?
    var credsStore: String?

    /// Reads the file; `nil` where there is none.
    init?(_ path: FilePath) throws(RegistryError) {
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try contents(of: path)
        } catch .noSuchFileOrDirectory, .notDirectory {
            return nil
        } catch {
            throw .credentialsUnreadable(path, error)
        }
        do {
            self = try JSONDecoder().decode(CredentialFile.self, from: Data(bytes))
        } catch {
            throw .credentialsUnreadable(path, nil)
        }
    }

    /// The entry for a repository: `host/namespace/repository`, then shorter ones, then the host.
    ///
    /// - Returns: `nil` where no key fits or the one that does holds no secret, as Docker writes
    ///   it beside a credential store.
    func credential(registry: String, repository: String) -> Credential? {
        let keys = Dictionary(
            (auths ?? [:]).map { (Self.normalised($0.key), $0.value) },
            uniquingKeysWith: { first, second in first.auth == nil ? second : first }
        )
        return Self.candidates(registry: registry, repository: repository).lazy
            .compactMap { keys[$0].flatMap(Self.credential) }.first
    }

    /// The helper program's name and what to ask it for.
    func helper(registry: String) -> (name: String, server: String)? {
        let isHub = registry == "docker.io"
        let server = isHub ? "https://index.docker.io/v1/" : registry
        let named = (credHelpers ?? [:]).first { Self.normalised($0.key) == registry }
        guard let name = named?.value ?? credsStore, !name.isEmpty else { return nil }
        return (name, server)
    }

    private static func credential(_ entry: Entry) -> Credential? {
        if let token = entry.identitytoken, !token.isEmpty { return .identityToken(token) }
        guard let auth = entry.auth, let bytes = Data(base64Encoded: auth),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        // Docker pads the password with NULs in files of old.
        let password = bytes[(colon + 1)...].prefix { $0 != 0 }
        return .password(
            user: String(decoding: bytes[..<colon], as: UTF8.self),
            password: String(decoding: password, as: UTF8.self)
        )
    }

    private static func candidates(registry: String, repository: String) -> [String] {
        let parts = [registry] + repository.split(separator: "/").map(String.init)
        return (1...parts.count).reversed().map { parts.prefix($0).joined(separator: "/") }
    }

    /// Docker writes URLs, `https://index.docker.io/v1/` for its own registry; containers, names.
    private static func normalised(_ key: String) -> String {
        var name = key[...]
        var isURL = false
        for prefix in ["https://", "http://"] where name.hasPrefix(prefix) {
            name = name.dropFirst(prefix.count)
            isURL = true
        }
        let host = name.prefix { $0 != "/" }
        let path = isURL ? "" : String(name.dropFirst(host.count))
        let isHub = ["index.docker.io", "registry-1.docker.io"].contains(String(host))
        return (isHub ? "docker.io" : String(host)) + path
    }
}
