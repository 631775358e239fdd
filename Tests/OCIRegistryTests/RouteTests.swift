// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import OCIStore
import ServerTestSupport
import SystemPackage
import Testing

@testable import OCIRegistry

/// Where an image is looked for, by the files that engines read.
@Suite struct RouteTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private static let registries = """
        unqualified-search-registries = ["docker.io"]

        [[registry]]
        location = "docker.io"
        [[registry.mirror]]
        location = "mirror.corp:5000/hub"
        insecure = true
        [[registry.mirror]]
        location = "digests.corp"
        pull-from-mirror = "digest-only"
        [[registry.mirror]]
        location = "tags.corp"
        pull-from-mirror = "tag-only"

        [[registry]]
        prefix = "ghcr.io/cross-rs"
        location = "registry.corp/images/cross"

        [[registry]]
        prefix = "ghcr.io/cross-rs/secret"
        blocked = true

        [[registry]]
        prefix = "*.example.org"
        location = "all.corp"

        [[registry]]
        location = "plain.corp"
        insecure = true
        """

    @Test(arguments: [
        (
            "ubuntu:22.04",
            [
                "mirror.corp:5000/hub/library/ubuntu:22.04", "tags.corp/library/ubuntu:22.04",
                "docker.io/library/ubuntu:22.04",
            ]
        ),
        ("ghcr.io/cross-rs/x:main", ["registry.corp/images/cross/x:main"]),
        ("ghcr.io/cross-rsx/x:main", ["ghcr.io/cross-rsx/x:main"]),
        ("ghcr.io/other/x:main", ["ghcr.io/other/x:main"]),
        ("a.example.org/x:1", ["all.corp/x:1"]),
        ("example.org/x:1", ["example.org/x:1"]),
        ("a.example.org:5000/x:1", ["all.corp/x:1"]),
    ])
    func registriesConfNamesMirrorsAndOtherPlaces(_ image: String, _ stops: [String]) throws {
        #expect(try self.stops(image).map(\.reference.description) == stops)
    }

    @Test func aDigestHasMirrorsOfItsOwn() throws {
        let digest = Digest.of([1])
        let stops = try stops("ubuntu@\(digest)").map(\.reference.registry)
        #expect(stops == ["mirror.corp:5000", "digests.corp", "docker.io"])
    }

    @Test func onlyWhatIsCalledInsecureMayBePlain() throws {
        #expect(try stops("ubuntu").map(\.allowsPlain) == [true, false, false])
        #expect(try stops("plain.corp/x").map(\.allowsPlain) == [true])
    }

    @Test func whatIsBlockedIsAskedOfNobody() throws {
        let reference = try ImageReference("ghcr.io/cross-rs/secret:1")
        #expect(
            throws: RegistryError.blocked(reference, prefix: "ghcr.io/cross-rs/secret")
        ) {
            _ = try stops("ghcr.io/cross-rs/secret:1")
        }
    }

    @Test func dropInsReplaceWhatTheMainFileSays() throws {
        try directory.write("home/.config/containers/registries.conf", Self.registries)
        try directory.write(
            "home/.config/containers/registries.conf.d/50.conf",
            """
            [[registry]]
            location = "docker.io"
            [[registry.mirror]]
            location = "newer.corp"
            """
        )
        let stops = try RegistryStop.stops(
            to: ImageReference("ubuntu"),
            environment: ["HOME": directory.path.appending("home").string]
        )
        #expect(stops.map(\.reference.registry) == ["newer.corp", "docker.io"])
    }

    @Test func hostsTomlNamesMirrorsInTheOrderOfItsText() throws {
        try directory.write(
            ".config/containerd/certs.d/ghcr.io/hosts.toml",
            """
            server = "https://ghcr.io"

            [host."https://z.corp/proxy"]
            capabilities = ["pull", "resolve"]
            ca = "ca.crt"

            [host."http://a.corp:5000/whole/v2/cache"]
            override_path = true

            [host."https://push.corp"]
            capabilities = ["push"]
            """
        )
        let stops = try RegistryStop.stops(
            to: ImageReference("ghcr.io/owner/x:1"),
            environment: [
                "HOME": directory.path.string, "CONTAINERS_REGISTRIES_CONF": "/dev/null",
            ]
        )
        #expect(
            stops.map(\.reference.description)
                == ["z.corp/owner/x:1", "a.corp:5000/owner/x:1", "ghcr.io/owner/x:1"]
        )
        #expect(
            stops.map(\.basePath) == ["/proxy/v2/", "/whole/v2/cache/", "/v2/"]
        )
        #expect(stops.map(\.allowsPlain) == [false, true, false])
        #expect(stops[0].namespace == "ghcr.io")
        #expect(stops[0].authorities.first?.string.hasSuffix("certs.d/ghcr.io/ca.crt") == true)
    }

    @Test func dockersMirrorsAreForDockersRegistryOnly() throws {
        try directory.write(
            ".config/docker/daemon.json",
            #"{"registry-mirrors":["https://mirror.corp"]}"#
        )
        let environment = [
            "HOME": directory.path.string, "CONTAINERS_REGISTRIES_CONF": "/dev/null",
        ]
        let hub = try RegistryStop.stops(to: ImageReference("ubuntu"), environment: environment)
        #expect(hub.map(\.reference.registry) == ["mirror.corp", "docker.io"])
        let other = try RegistryStop.stops(to: ImageReference("r.corp/x"), environment: environment)
        #expect(other.map(\.reference.registry) == ["r.corp"])
    }

    @Test(arguments: ["[[registry", "registry = 1", "[[registry]]\nlocation = 5\n"])
    func aFileThatCannotBeReadIsNamed(_ text: String) throws {
        let path = try directory.write("registries.conf", text)
        #expect(throws: RegistryError.routesUnreadable(path, nil)) {
            _ = try RegistryStop.stops(
                to: ImageReference("ubuntu"),
                environment: ["CONTAINERS_REGISTRIES_CONF": path.string]
            )
        }
    }

    private func stops(_ image: String) throws -> [RegistryStop] {
        let path = try directory.write("registries.conf", Self.registries)
        return try RegistryStop.stops(
            to: ImageReference(image),
            environment: ["CONTAINERS_REGISTRIES_CONF": path.string]
        )
    }
}
