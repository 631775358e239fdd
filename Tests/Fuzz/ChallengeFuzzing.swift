// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore

@testable import Download
@testable import OCIRegistry

/// Reads a header of a registry's answer, or the answer of a token server; the first byte says which.
func fuzzChallenge(_ bytes: [UInt8]) {
    var rest = bytes[...]
    let choice = first(of: &rest)
    let text = String(decoding: rest, as: UTF8.self)
    switch choice % 7 {
    case 0, 1: answerChallenges(text)
    case 2:
        let token = TokenRequest.token(in: Array(rest))
        promise(token?.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ?? true, "tokens fit a header")
    case 3:
        let pause = retryAfter(text, now: Date(timeIntervalSince1970: 1_800_000_000))
        promise(pause.map { $0 >= .zero && $0 <= .seconds(1_000_000_000) } ?? true, "pauses end")
    case 4:
        guard let range = ContentRange(text) else { return }
        promise(range.first >= 0 && range.last >= range.first, "a range has an order")
    case 5: followRedirect(text)
    default:
        if let digest = try? Digest(text) {
            promise("\(digest)" == text, "digests are spelled once")
        }
        let type = MediaType.essence(text)
        promise(MediaType.essence(type) == type, "a type without parameters has none")
    }
}

private func answerChallenges(_ header: String) {
    guard let reference = try? ImageReference("registry.example/a/b:c") else { return }
    let endpoint = Endpoint(of: reference)
    for challenge in Challenge.parse(header) {
        promise(challenge.scheme == challenge.scheme.lowercased(), "schemes are in lower case")
        guard let text = challenge.parameters["realm"],
            let realm = try? Realm(text, of: endpoint)
        else { continue }
        let host = realm.url.host() ?? ""
        promise(realm.url.scheme == "https", "a secure registry's realm is secure: \(text)")
        promise(!HostName(host).isInward, "no realm leads inward: \(text)")
        promise(realm.isTrusted == (HostName(host) == endpoint.host), "whom credentials go to")
        let request = TokenRequest.request(
            realm: realm.url,
            service: challenge.parameters["service"],
            scope: "repository:a/b:pull",
            credential: nil
        )
        promise(request.url.host() == host, "a query changes no host: \(text)")
        let query =
            URLComponents(url: request.url, resolvingAgainstBaseURL: true)?
            .percentEncodedQuery ?? ""
        promise(query.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a query is encoded: \(query)")
    }
}

private func followRedirect(_ location: String) {
    guard let url = URL(string: "https://registry.example/v2/a/blobs/b") else { return }
    let request = Request(url: url, headers: ["Authorization": "Bearer secret"])
    for policy in [RedirectPolicy.secret, .verified] {
        guard let next = try? Redirect.next(after: request, location: location, policy: policy)
        else { continue }
        promise(next.url.scheme == "https", "nothing leads out of TLS: \(location)")
        let host = next.url.host() ?? ""
        promise(!HostName(host).isInward, "nothing leads inward: \(location)")
        let isSame = host == "registry.example" && (next.url.port ?? 443) == 443
        promise(isSame || next.headers["Authorization"] == nil, "credentials stay: \(location)")
    }
}

func challengeSeeds() -> [[UInt8]] {
    [
        (
            0,
            #"Bearer realm="https://auth.example/token",service="s,x=1",scope="repository:a/b:pull""#
        ),
        (0, #"Negotiate, Basic realm = "a\"b" , BEARER Realm=https , ,service=x"#),
        (0, #"Bearer realm="https://registry.example:443/t?a=b#c""#),
        (0, #"Bearer realm="https://[::ffff:127.0.0.1]/t",realm="x""#),
        (2, #"{"token":"abc","access_token":"d","expires_in":300}"#),
        (3, "120"), (3, "Sun, 06 Nov 1994 08:49:37 GMT"), (4, "bytes 5-9/100"), (4, "bytes 0-0/*"),
        (5, "https://cdn.example/x?y=z"), (5, "//registry.example/other"), (5, "/v2/else"),
        (5, "http://169.254.169.254/"), (5, "https://u:p@registry.example@evil/"),
        (6, "\(Digest.of([]))"), (6, "application/json; charset=utf-8"),
    ].map { [$0.0] + Array($0.1.utf8) }
}
