// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing

@testable import Download

@Suite struct RedirectTests {
    @Test(arguments: [
        ("https://r.example/other", true), ("/relative", true), ("https://r.example:443/x", true),
        ("https://r.example:444/x", false), ("https://cdn.example/x", false),
        ("//cdn.example/x", false),
    ])
    func credentialsGoAlongOnlyToTheSameOrigin(_ location: String, _ isKept: Bool) throws {
        let next = try Redirect.next(
            after: try request("https://r.example/v2/"),
            location: location,
            policy: .secret
        )
        #expect((next.headers["Authorization"] != nil) == isKept)
        #expect(next.headers["Range"] == "bytes=5-")
    }

    @Test(
        arguments: [
            ("https://r.example/", "https://cdn.example/", "r.example"),
            ("https://r.example/", "https://r.example:444/", nil),
            ("https://10.0.0.1/", "https://cdn.example/", nil),
            ("http://127.0.0.1:5000/", "https://cdn.example/", nil),
        ] as [(String, String, String?)]
    )
    func whoLeadsElsewhereFromOutsideMustLeadOutside(
        _ here: String,
        _ location: String,
        _ origin: String?
    ) throws {
        let next = try Redirect.next(
            after: try request(here),
            location: location,
            policy: .secret
        )
        #expect(next.origin == origin)
    }

    @Test(
        arguments: [
            ("https://r.example/", "http://r.example/", .insecure),
            ("https://r.example/", "ftp://r.example/", .insecure),
            ("https://r.example/", "file:///etc/passwd", .malformed),
            ("https://r.example/", "", .malformed),
            ("https://r.example/", "https://user@r.example/", .malformed),
            ("https://r.example/", "https://user:pw@r.example/", .malformed),
            // libcurl would take the percent signs for what they stand for.
            ("https://r.example/", "https://%31%32%37.0.0.1/", .malformed),
            ("https://r.example/", "https://r\u{0442}.example/", .malformed),
            ("https://r.example/", "https://127.0.0.1/", .inward),
            ("https://r.example/", "https://169.254.169.254/latest", .inward),
            ("https://r.example/", "https://[::1]/", .inward),
            ("https://r.example/", "https://localhost/", .inward),
            ("https://r.example/", "https://2130706433/", .inward),
            ("http://127.0.0.1:5000/", "http://r.example/", .insecure),
            ("http://127.0.0.1:5000/", "http://10.0.0.1/", .insecure),
            ("https://127.0.0.1:5000/", "http://127.0.0.1:5000/", .insecure),
        ] as [(String, String, RedirectRefusal)]
    )
    func theseAreNotFollowed(_ here: String, _ location: String, _ why: RedirectRefusal) throws {
        let request = try request(here)
        #expect(throws: why) {
            try Redirect.next(after: request, location: location, policy: .secret)
        }
    }

    @Test(arguments: [
        ("http://127.0.0.1:5000/", "http://127.0.0.1:5001/"),
        ("https://10.0.0.1/", "https://10.0.0.2/"),
        ("http://127.0.0.1:5000/", "https://cdn.example/"),
    ])
    func theseAreFollowed(_ here: String, _ location: String) throws {
        let next = try Redirect.next(
            after: try request(here),
            location: location,
            policy: .secret
        )
        #expect(next.url.absoluteString == location)
    }

    @Test(arguments: [
        ("http://mirror.example/a", "http://other.example/a"),
        ("http://mirror.example/a", "https://mirror.example/a"),
        ("http://mirror.example/a", "/b"), ("http://127.0.0.1:80/", "http://other.example/"),
        ("http://10.0.0.1/", "http://10.0.0.2/"), ("http://localhost/", "http://127.0.0.1:81/"),
    ])
    func whatIsVerifiedAnywayMayComeInTheClear(_ here: String, _ location: String) throws {
        let next = try Redirect.next(
            after: try request(here),
            location: location,
            policy: .verified
        )
        #expect(next.url.absoluteString.hasSuffix(location))
    }

    @Test(
        arguments: [
            ("https://mirror.example/", "http://mirror.example/", .insecure),
            ("http://mirror.example/", "ftp://mirror.example/", .insecure),
            ("http://mirror.example/", "file:///etc/passwd", .malformed),
            ("http://mirror.example/", "http://user@mirror.example/", .malformed),
            ("http://mirror.example/", "http://127.0.0.1/", .inward),
            ("http://mirror.example/", "http://169.254.169.254/latest", .inward),
            ("http://mirror.example/", "http://[::ffff:10.0.0.1]/", .inward),
            ("https://mirror.example/", "https://192.168.0.1/", .inward),
        ] as [(String, String, RedirectRefusal)]
    )
    func evenWhatIsVerifiedIsNotFollowedThere(
        _ here: String,
        _ location: String,
        _ why: RedirectRefusal
    ) throws {
        let request = try request(here)
        #expect(throws: why) {
            try Redirect.next(after: request, location: location, policy: .verified)
        }
    }

    private func request(_ url: String) throws -> Request {
        Request(
            url: try #require(URL(string: url)),
            headers: ["Authorization": "Basic eA==", "Range": "bytes=5-"]
        )
    }
}
