// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import ServerTestSupport
import SystemPackage
import Testing

@testable import OCIRegistry

@Suite struct CredentialTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test(
        arguments: [
            // The longest prefix wins; a prefix ends at a slash.
            ("r.example/team/image", ["r.example": "host", "r.example/team": "team"], "team"),
            (
                "r.example/team/image",
                ["r.example/team/image": "image", "r.example/team": "team"], "image"
            ),
            ("r.example/teams/image", ["r.example": "host", "r.example/team": "team"], "host"),
            ("r.example:5000/x", ["r.example": "other"], nil),
            ("r.example:5000/x", ["r.example:5000": "port"], "port"),
            ("r.example/x", ["https://r.example/v2/": "url"], "url"),
            ("ubuntu", ["https://index.docker.io/v1/": "hub"], "hub"),
            ("ubuntu", ["docker.io": "hub"], "hub"),
            ("docker.io/a/b", ["docker.io/a": "a", "https://index.docker.io/v1/": "hub"], "a"),
            ("r.example/x", ["docker.io": "hub"], nil),
        ] as [(String, [String: String], String?)]
    )
    func theLongestKeyIsUsed(_ image: String, _ keys: [String: String], _ user: String?)
        async throws
    {
        let path = try write("auth.json", auths: keys)
        let search = CredentialSearch(environment: ["REGISTRY_AUTH_FILE": path.string])
        #expect(try await self.user(search, image) == user)
    }

    @Test func theFilesAreSearchedInOrder() async throws {
        let home = directory.path
        try write("run/containers/auth.json", auths: ["run.example": "run"])
        try write(
            "home/.config/containers/auth.json",
            auths: ["run.example": "no", "b.example": "b"]
        )
        try write("home/.docker/config.json", auths: ["b.example": "no", "c.example": "c"])
        let search = CredentialSearch(environment: [
            "HOME": home.appending("home").string, "XDG_RUNTIME_DIR": home.appending("run").string,
        ])
        for (host, user) in [("run", "run"), ("b", "b"), ("c", "c")] {
            #expect(try await self.user(search, "\(host).example/x") == user)
        }
        #expect(try await user(search, "d.example/x") == nil)
    }

    @Test func theVariablesWinOverTheHomeDirectory() async throws {
        try write("home/.docker/config.json", auths: ["a.example": "home"])
        try write("docker/config.json", auths: ["a.example": "docker"])
        try write("config/containers/auth.json", auths: ["b.example": "config"])
        let search = CredentialSearch(environment: [
            "HOME": directory.path.appending("home").string,
            "DOCKER_CONFIG": directory.path.appending("docker").string,
            "XDG_CONFIG_HOME": directory.path.appending("config").string,
        ])
        #expect(try await user(search, "a.example/x") == "docker")
        #expect(try await user(search, "b.example/x") == "config")
    }

    @Test func aColonMayBePartOfThePassword() async throws {
        let auth = Data("user:a:b".utf8).base64EncodedString()
        let path = try directory.write("auth.json", #"{"auths":{"a.example":{"auth":"\#(auth)"}}}"#)
        let found = try await search(path).credential(for: try ImageReference("a.example/x"))
        guard case .password("user", "a:b") = found?.credential else {
            Issue.record("no password")
            return
        }
        #expect(found?.source == .file(path))
    }

    @Test func anIdentityTokenWinsOverAPassword() async throws {
        let path = try directory.write(
            "auth.json",
            #"{"auths":{"a.example":{"auth":"dTpw","identitytoken":"t"}}}"#
        )
        let found = try await search(path).credential(for: try ImageReference("a.example/x"))
        guard case .identityToken("t") = found?.credential else {
            Issue.record("no token")
            return
        }
    }

    @Test func aHelperIsAskedForTheServer() async throws {
        let helper = try directory.write(
            "bin/docker-credential-test",
            """
            #!/bin/sh
            read -r server
            test "$1" = get || exit 2
            case $server in
            a.example) echo '{"ServerURL":"x","Username":"helped","Secret":"s"}' ;;
            *) echo "credentials not found in native keychain"; exit 1 ;;
            esac
            """
        )
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: helper.string
        )
        let path = try directory.write(
            "auth.json",
            #"{"auths":{"b.example":{"auth":"dTpw"}},"credsStore":"test"}"#
        )
        let search = CredentialSearch(environment: [
            "REGISTRY_AUTH_FILE": path.string,
            "PATH": "\(directory.path.appending("bin")):/usr/bin:/bin",
        ])
        #expect(try await user(search, "a.example/x") == "helped")
        #expect(try await user(search, "b.example/x") == "u")
        #expect(try await user(search, "c.example/x") == nil)
    }

    @Test(arguments: ["../../evil", "/bin/sh -c", "a b", "A", "a;b", "a\nb"])
    func aHelperIsOnlyEverAPlainName(_ name: String) async throws {
        let json = try JSONEncoder().encode(["credsStore": name])
        let path = try directory.write("auth.json", [UInt8](json))
        let search = search(path)
        await #expect(throws: RegistryError.credentialHelperUnusable(name: name)) {
            try await search.credential(for: try ImageReference("a.example/x"))
        }
    }

    @Test func aMalformedFileIsNamed() async throws {
        let path = try directory.write("auth.json", "{")
        let search = search(path)
        await #expect(throws: RegistryError.credentialsUnreadable(path, nil)) {
            try await search.credential(for: try ImageReference("a.example/x"))
        }
    }

    @Test func aFileThatOthersCanReadIsToldOf() async throws {
        let notices = Notices()
        let path = try write("auth.json", auths: ["a.example": "u"])
        for mode in [0o600, 0o644] {
            try FileManager.default.setAttributes(
                [.posixPermissions: mode],
                ofItemAtPath: path.string
            )
            let search = CredentialSearch(environment: ["REGISTRY_AUTH_FILE": path.string]) {
                notices.note($0)
            }
            _ = try await search.credential(for: try ImageReference("a.example/x"))
        }
        #expect(notices.all == [.credentialsExposed(path)])
    }

    private func search(_ path: FilePath) -> CredentialSearch {
        CredentialSearch(environment: ["REGISTRY_AUTH_FILE": path.string])
    }

    @discardableResult
    private func write(_ name: String, auths: [String: String]) throws -> FilePath {
        let entries = auths.mapValues { ["auth": Data("\($0):p".utf8).base64EncodedString()] }
        return try directory.write(name, [UInt8](try JSONEncoder().encode(["auths": entries])))
    }

    private func user(_ search: CredentialSearch, _ image: String) async throws -> String? {
        let found = try await search.credential(for: try ImageReference(image))
        guard case .password(let user, _) = found?.credential else { return nil }
        return user
    }
}
