// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: RFC 9110 §15.4; what must not be followed is curl's and browsers' practice.

import Foundation

/// What a server is asked for, which decides where it may send its clients.
package enum RedirectPolicy: Sendable {
    /// What is trusted because of who gives it, or is secret: never in the clear.
    case secret
    /// What is checked against a signature or a digest whoever gives it: plain HTTP leads anywhere,
    /// but what began with TLS stays with it.
    case verified
}

/// Why a redirect was not followed.
public enum RedirectRefusal: Error, Hashable, Sendable {
    /// From https to anything else.
    case insecure
    /// To an address of this machine or a private network, from outside of it.
    case inward
    /// More than ten in a row.
    case tooMany
    /// The target is no URL of a host, spells it in a roundabout way, or carries a user name.
    case malformed
}

/// Where an answer of status 3xx leads.
package enum Redirect {
    /// So many in a row are followed.
    package static let limit = 10

    /// The request to make next.
    ///
    /// Credentials go along only to the same scheme, host and port; nothing leads from https to
    /// anything else, nor from outside to this machine or a private network.
    ///
    /// - Parameters:
    ///   - request: that was answered.
    ///   - location: the answer's header, a URL or a part of one.
    ///   - policy: decides about plain HTTP.
    /// - Returns: the same request to another URL.
    /// - Throws: any `RedirectRefusal` but `.tooMany`.
    package static func next(
        after request: Request,
        location: String,
        policy: RedirectPolicy
    ) throws(RedirectRefusal) -> Request {
        guard let url = URL(string: location, relativeTo: request.url)?.absoluteURL,
            let host = url.host(), !host.isEmpty, HostName(host).isPlain,
            url.user() == nil, url.password() == nil
        else { throw .malformed }
        guard url.scheme == "https" || mayBeInTheClear(from: request.url, to: url, policy) else {
            throw .insecure
        }
        let here = HostName(request.url.host() ?? "")
        guard !HostName(host).isInward || here.isInward || here == HostName(host) else {
            throw .inward
        }
        var next = request
        next.url = url
        // Where this host is inside by its address, others may be, too.
        let isOutside = !here.isInward && !PeerAddresses.isInward(request.url.authority)
        if isOutside, here != HostName(host) { next.origin = request.url.authority }
        if !isSameOrigin(request.url, url) { next.headers["Authorization"] = nil }
        return next
    }

    /// Whether a status says that the answer is elsewhere.
    ///
    /// - Parameter status: of an answer.
    /// - Returns: true where the `Location` header says where.
    package static func isRedirect(_ status: Int) -> Bool {
        [301, 302, 303, 307, 308].contains(status)
    }

    private static func mayBeInTheClear(
        from here: URL,
        to there: URL,
        _ policy: RedirectPolicy
    ) -> Bool {
        guard here.scheme == "http", there.scheme == "http" else { return false }
        return switch policy {
        case .verified: true
        case .secret:
            // What was said in the clear to a host may be said to it again.
            HostName(here.host() ?? "") == HostName(there.host() ?? "")
                || HostName(here.host() ?? "").isLoopback && HostName(there.host() ?? "").isLoopback
        }
    }

    private static func isSameOrigin(_ one: URL, _ other: URL) -> Bool {
        one.scheme == other.scheme && one.host() == other.host() && port(one) == port(other)
    }

    private static func port(_ url: URL) -> Int {
        url.port ?? (url.scheme == "http" ? 80 : 443)
    }
}
