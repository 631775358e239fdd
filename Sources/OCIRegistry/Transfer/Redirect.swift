// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: RFC 9110 §15.4; what must not be followed is curl's and browsers' practice.

import Foundation

/// Where an answer of status 3xx leads.
enum Redirect {
    static let limit = 10

    /// The request to make next.
    ///
    /// Credentials go along only to the same scheme, host and port; nothing leads from https to
    /// anything else, nor from outside to this machine or a private network.
    static func next(
        after request: Request,
        location: String
    ) throws(RedirectRefusal) -> Request {
        guard let url = URL(string: location, relativeTo: request.url)?.absoluteURL,
            let host = url.host(), !host.isEmpty, url.user() == nil, url.password() == nil
        else { throw .malformed }
        guard url.scheme == "https" || isLoopbackHTTP(from: request.url, to: url) else {
            throw .insecure
        }
        let here = Host(request.url.host() ?? "")
        guard !Host(host).isInward || here.isInward || here == Host(host) else { throw .inward }
        var next = request
        next.url = url
        if !isSameOrigin(request.url, url) { next.headers["Authorization"] = nil }
        return next
    }

    static func isRedirect(_ status: Int) -> Bool {
        [301, 302, 303, 307, 308].contains(status)
    }

    private static func isLoopbackHTTP(from here: URL, to there: URL) -> Bool {
        here.scheme == "http" && there.scheme == "http"
            && Host(here.host() ?? "").isLoopback && Host(there.host() ?? "").isLoopback
    }

    private static func isSameOrigin(_ one: URL, _ other: URL) -> Bool {
        one.scheme == other.scheme && one.host() == other.host() && port(one) == port(other)
    }

    private static func port(_ url: URL) -> Int {
        url.port ?? (url.scheme == "http" ? 80 : 443)
    }
}
