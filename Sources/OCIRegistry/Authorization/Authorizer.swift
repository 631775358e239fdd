// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: distribution-spec v1.1; distribution, "Token Authentication Specification".

import Download
import Foundation
import OCIStore
import Synchronization

/// Answers challenges, and keeps the answers while the program runs.
final class Authorizer: Sendable {
    private let reference: ImageReference
    private let search: CredentialSearch
    private let transport: Transport
    private let tokenServers: [String: String]
    private let access: RegistryAccess
    private let limit: Int
    private let patience: @Sendable (RegistrySubject) -> Patience<RegistryError>
    private let known = Mutex<String?>(nil)

    init(
        for reference: ImageReference,
        search: CredentialSearch,
        transport: Transport,
        configuration: RegistryClient.Configuration,
        patience: @escaping @Sendable (RegistrySubject) -> Patience<RegistryError>
    ) {
        self.reference = reference
        self.search = search
        self.transport = transport
        tokenServers = configuration.tokenServers
        access = configuration.access
        limit = configuration.limits.token
        self.patience = patience
    }

    /// The value of the `Authorization` header to send unasked; it may have expired.
    var header: String? { known.withLock { $0 } }

    /// The header that answers a challenge.
    ///
    /// - Parameters:
    ///   - challenge: the `WWW-Authenticate` header of an answer of status 401.
    ///   - endpoint: that answered.
    ///   - subject: what was asked for.
    /// - Returns: the header's value, which is also kept.
    /// - Throws: any `RegistryError` about authentication or the token server.
    func answer(
        _ challenge: String?,
        of endpoint: Endpoint,
        subject: RegistrySubject
    ) async throws(RegistryError) -> String {
        let challenges = Challenge.parse(challenge ?? "")
        let found = try await search.credential(for: reference)
        let header: String
        if let bearer = challenges.first(where: { $0.scheme == "bearer" }) {
            header = "Bearer \(try await token(bearer, of: endpoint, found: found))"
        } else if challenges.contains(where: { $0.scheme == "basic" }) {
            guard let found, let basic = TokenRequest.basicHeader(found.credential) else {
                throw .denied(subject, host: endpoint.authority, offered: nil)
            }
            header = basic
        } else {
            throw .unsupportedAuthentication(host: endpoint.authority)
        }
        known.withLock { $0 = header }
        return header
    }

    /// Where the credential that `answer` uses comes from.
    func source() async throws(RegistryError) -> CredentialSource? {
        try await search.credential(for: reference)?.source
    }

    private func token(
        _ challenge: Challenge,
        of endpoint: Endpoint,
        found: FoundCredential?
    ) async throws(RegistryError) -> String {
        let text = challenge.parameters["realm"] ?? ""
        let realm = try Realm(text, of: endpoint, servers: tokenServers)
        let offered = realm.isTrusted ? found : nil
        var request = TokenRequest.request(
            realm: realm.url,
            service: challenge.parameters["service"],
            scope: "repository:\(reference.repository):\(access.rawValue)",
            credential: offered?.credential
        )
        if realm.mustBeOutside { request.origin = endpoint.authority }
        let host = realm.url.host() ?? ""
        let body = MemoryBody(limit: limit)
        let status = try await status(of: request, realm: text, host: host, body: body)
        switch status {
        case 200:
            guard body.contents.count <= body.limit,
                let token = TokenRequest.token(in: body.contents)
            else { throw .tokenMalformed(host: host) }
            return token
        case 401, 403:
            if found != nil, offered == nil {
                throw .credentialsWithheld(host: endpoint.authority, realm: text)
            }
            throw .denied(.token(host: host), host: host, offered: offered?.source)
        default:
            throw .status(status, .token(host: host), host: host, attempts: 1)
        }
    }

    /// A token server is not followed to anywhere else: 3xx is a status like any other.
    private func status(
        of request: Request,
        realm: String,
        host: String,
        body: MemoryBody
    ) async throws(RegistryError) -> Int {
        let subject = RegistrySubject.token(host: host)
        var patience = patience(subject)
        while true {
            do throws(AttemptFailure<DownloadError>) {
                return try await transport.answer(to: request, body: body).status
            } catch .lasting(.redirectRefused(let endpoint, _, .inward)) {
                throw .realmRefused(host: endpoint, realm: realm)
            } catch {
                try await patience.wait(after: error.mapped { RegistryError($0, of: subject) })
            }
        }
    }
}
