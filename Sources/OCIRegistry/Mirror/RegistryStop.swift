// SPDX-License-Identifier: MIT OR Apache-2.0

import Download
import Foundation
import OCIStore
import SystemPackage

/// One registry that may have an image, and how it is spoken to.
struct RegistryStop: Hashable, Sendable {
    /// What the image is called there.
    var reference: ImageReference
    /// Whether it may be spoken to without TLS, where it does not speak it.
    var allowsPlain = false
    /// Where its API begins.
    var basePath = "/v2/"
    /// The registry that it stands for, where it wants to be told.
    var namespace: String?
    /// Files of authorities that may vouch for it.
    var authorities: [FilePath] = []

    /// Where an image is, by what the user and the machine have configured; the registry itself last.
    ///
    /// `registries.conf` counts where it has an entry for the name, else the registry's `hosts.toml`, else,
    /// for Docker's own registry, the mirrors of docker's daemon.
    ///
    /// - Throws: `blocked`, `routesUnreadable`, `routeMalformed`.
    static func stops(
        to reference: ImageReference,
        environment: [String: String]
    ) throws(RegistryError) -> [RegistryStop] {
        let name = "\(reference.registry)/\(reference.repository)"
        let entries = try RegistriesFile.registries(environment: environment)
        if let entry = RegistriesFile.entry(for: name, among: entries) {
            guard entry.blocked != true else { throw .blocked(reference, prefix: entry.key) }
            return try stops(to: reference, name: name, entry)
        }
        let own = RegistryStop(reference: reference)
        let listing = try HostsFile.listing(for: reference.registry, environment: environment)
        if let listing {
            var stops: [RegistryStop] = []
            for (url, host) in listing.hosts {
                stops.append(
                    try stop(at: url, host, for: reference, namespace: reference.registry)
                )
            }
            let server = try listing.server.map { server throws(RegistryError) in
                try stop(at: server, nil, for: reference)
            }
            return stops + [server ?? own]
        }
        guard reference.registry == "docker.io" else { return [own] }
        var stops: [RegistryStop] = []
        for url in try DaemonFile.mirrors(environment: environment) {
            stops.append(try stop(at: url, nil, for: reference))
        }
        return stops + [own]
    }

    private static func stops(
        to reference: ImageReference,
        name: String,
        _ entry: RegistriesFile.Registry
    ) throws(RegistryError) -> [RegistryStop] {
        let isByDigest = reference.digest != nil
        var stops: [RegistryStop] = []
        for mirror in entry.mirror ?? [] {
            let wants = entry.isByDigestOnly == true ? "digest-only" : mirror.pull ?? "all"
            guard wants == "all" || (wants == "digest-only") == isByDigest else { continue }
            stops.append(
                RegistryStop(
                    reference: try rewritten(reference, name, entry.key, to: mirror.location),
                    allowsPlain: mirror.insecure ?? false
                )
            )
        }
        let location = entry.location.flatMap { $0.isEmpty ? nil : $0 }
        return stops + [
            RegistryStop(
                reference: try location.map { location throws(RegistryError) in
                    try rewritten(reference, name, entry.key, to: location)
                } ?? reference,
                allowsPlain: entry.insecure ?? false
            )
        ]
    }

    /// The same image by a name whose beginning is replaced.
    private static func rewritten(
        _ reference: ImageReference,
        _ name: String,
        _ prefix: String,
        to location: String
    ) throws(RegistryError) -> ImageReference {
        // A prefix of many hosts stands for a whole host.
        let length = prefix.hasPrefix("*.") ? reference.registry.utf8.count : prefix.utf8.count
        let rest = String(decoding: Array(name.utf8).dropFirst(length), as: UTF8.self)
        return try image(location + rest, like: reference, for: location)
    }

    /// A mirror that is named by a URL.
    private static func stop(
        at text: String,
        _ entry: HostsFile.Host?,
        for reference: ImageReference,
        namespace: String? = nil
    ) throws(RegistryError) -> RegistryStop {
        let text = text.contains("://") ? text : "https://\(text)"
        guard let url = URL(string: text), let scheme = url.scheme, url.host() != nil,
            ["http", "https"].contains(scheme), url.user() == nil
        else { throw .routeMalformed(text) }
        let path =
            url.path().utf8.last == UInt8(ascii: "/") ? String(url.path().dropLast()) : url.path()
        let host = url.authority == "registry-1.docker.io" ? "docker.io" : url.authority
        var stop = RegistryStop(
            reference: try image(
                "\(host)/\(reference.repository)",
                like: reference,
                for: text
            ),
            allowsPlain: scheme == "http"
        )
        stop.basePath = entry?.isPathWhole == true ? "\(path)/" : "\(path)/v2/"
        stop.namespace = namespace
        stop.authorities = (entry?.authorities ?? []).map { FilePath($0) }
        return stop
    }

    private static func image(
        _ name: String,
        like reference: ImageReference,
        for location: String
    ) throws(RegistryError) -> ImageReference {
        let tag = reference.tag.map { ":\($0)" } ?? ""
        let digest = reference.digest.map { "@\($0)" } ?? ""
        do throws(ImageReferenceError) {
            return try ImageReference(name + tag + digest)
        } catch {
            throw .routeMalformed(location)
        }
    }
}
