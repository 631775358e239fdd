// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: distribution-spec, "Token Authentication"; CVE-2020-15157.

import Download
import Foundation

/// The token server that a challenge names.
struct Realm {
    let url: URL
    /// Whether the registry's credentials may be shown to it.
    let isTrusted: Bool
    /// Whether its name must not lead to this machine or a private network.
    let mustBeOutside: Bool

    /// Public token servers that are not at the registry's own host, by registry.
    private static let known = [
        "registry-1.docker.io": "auth.docker.io",
        "registry.gitlab.com": "gitlab.com",
    ]

    /// Judges a realm.
    ///
    /// It must be https, or http where the registry itself is (which only a loopback registry may
    /// be), and may not lead to this machine or a private network unless the registry is there.
    ///
    /// - Parameters:
    ///   - text: the challenge's `realm`.
    ///   - endpoint: that made the challenge.
    ///   - servers: token servers elsewhere that the user trusts, by registry.
    /// - Throws: `realmRefused`.
    init(
        _ text: String,
        of endpoint: Endpoint,
        servers: [String: String] = [:]
    ) throws(RegistryError) {
        let refused = RegistryError.realmRefused(host: endpoint.authority, realm: text)
        guard let url = URL(string: text), let name = url.host(), !name.isEmpty,
            HostName(name).isPlain, url.user() == nil, url.password() == nil
        else { throw refused }
        let host = HostName(name)
        let isOwn = host == endpoint.host
        guard url.scheme == "https" || (url.scheme == "http" && isOwn && !endpoint.isSecure),
            isOwn || !host.isInward || servers[endpoint.authority].map({ HostName($0) }) == host
        else { throw refused }
        self.url = url
        let named = servers[endpoint.authority].map { HostName($0) } == host
        isTrusted = isOwn || named || Self.known[endpoint.authority] == host.name
        mustBeOutside = !isOwn && !named && !PeerAddresses.isInward(endpoint.authority)
    }
}
