// SPDX-License-Identifier: MIT OR Apache-2.0

import Download
import Foundation
import OCIStore
import Testing

@testable import OCIRegistry

@Suite struct RealmTests {
    @Test(arguments: [
        ("r.example", "https://r.example/token", true),
        ("r.example:5000", "https://r.example/t", true),
        ("r.example", "https://auth.example/token", false),
        ("docker.io", "https://auth.docker.io/token", true),
        ("docker.io", "https://auth.docker.io.evil.example/token", false),
        ("r.example", "https://auth.docker.io/token", false),
        ("registry.gitlab.com", "https://gitlab.com/jwt/auth", true),
    ])
    func credentialsAreForTheRegistrysOwnHostOrAListedOne(
        _ registry: String,
        _ realm: String,
        _ isTrusted: Bool
    ) throws {
        let endpoint = Endpoint(of: try ImageReference("\(registry)/a/b"))
        #expect(try Realm(realm, of: endpoint).isTrusted == isTrusted)
    }

    @Test(arguments: [
        "http://r.example/token", "file:///etc/passwd", "https://user:pw@r.example/", "https://",
        "https://127.0.0.1/", "https://169.254.169.254/", "https://[::1]/", "https://10.1.1.1/",
        "https://0.0.0.0/", "", "token", "https://localhost/", "https://%31%32%37.0.0.1/",
        "https://r\u{0442}.example/",
    ])
    func theseRealmsAreNotAsked(_ realm: String) throws {
        let endpoint = Endpoint(of: try ImageReference("r.example/a/b"))
        #expect(throws: RegistryError.realmRefused(host: "r.example", realm: realm)) {
            try Realm(realm, of: endpoint)
        }
    }

    @Test func theUserMayNameATokenServerElsewhere() throws {
        let endpoint = Endpoint(of: try ImageReference("registry.example:5050/a/b"))
        let servers = ["registry.example:5050": "gitlab.example"]
        let realm = try Realm("https://gitlab.example/jwt/auth", of: endpoint, servers: servers)
        #expect(realm.isTrusted && !realm.mustBeOutside)
        let other = try Realm("https://evil.example/jwt", of: endpoint, servers: servers)
        #expect(!other.isTrusted && other.mustBeOutside)
        #expect(throws: RegistryError.self) {
            try Realm("http://gitlab.example/jwt/auth", of: endpoint, servers: servers)
        }
    }

    @Test func aLoopbackRegistryInTheClearMayHaveItsRealmThere() throws {
        var endpoint = Endpoint(of: try ImageReference("127.0.0.1:5000/a/b"))
        #expect(throws: RegistryError.self) { try Realm("http://127.0.0.1:5001/", of: endpoint) }
        endpoint.isSecure = false
        #expect(try Realm("http://127.0.0.1:5001/", of: endpoint).isTrusted)
        #expect(throws: RegistryError.self) { try Realm("http://127.0.0.2:5001/", of: endpoint) }
    }

    @Test func whatTheChallengeSaysIsEncoded() throws {
        let realm = try #require(URL(string: "https://r.example/token?a=b#c"))
        let request = TokenRequest.request(
            realm: realm,
            service: "s&scope=x #",
            scope: "repository:a/b:pull",
            credential: .password(user: "u", password: "p")
        )
        #expect(
            request.url.absoluteString
                == "https://r.example/token?a=b&service=s%26scope%3Dx%20%23&scope=repository%3Aa%2Fb%3Apull"
        )
        #expect(request.headers["Authorization"] == "Basic dTpw")
    }

    @Test(
        arguments: [
            (#"{"token":"abc.def"}"#, "abc.def"), (#"{"access_token":"x","expires_in":-1}"#, "x"),
            (#"{"token":"x","expires_in":1e18}"#, "x"), (#"{"token":""}"#, nil), ("{}", nil),
            (#"{"token":"a\r\nX-Evil: 1"}"#, nil), (#"{"token":"a b"}"#, nil), ("<html>", nil),
            ("", nil),
            (#"{"token":1}"#, nil),
        ] as [(String, String?)]
    )
    func aTokenIsReadAndMustFitAHeader(_ answer: String, _ token: String?) {
        #expect(TokenRequest.token(in: Array(answer.utf8)) == token)
    }
}
