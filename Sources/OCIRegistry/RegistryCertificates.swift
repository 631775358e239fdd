// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: containers-certs.d(5); Docker, "Verify repository client with certificates".

import SystemPackage

/// Where a registry's own authorities are: `<registry>/*.crt` in the `certs.d` of Docker and
/// containers.
enum RegistryCertificates {
    static func directories(for registry: String, environment: [String: String]) -> [FilePath] {
        let home = environment["HOME"].map {
            FilePath($0).appending(".config/containers/certs.d")
        }
        return (["/etc/containers/certs.d", "/etc/docker/certs.d"] + (home.map { [$0] } ?? []))
            .map { $0.appending(registry) }
    }
}
